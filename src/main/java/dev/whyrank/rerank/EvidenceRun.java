package dev.whyrank.rerank;

import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One request's documents on their way through the encoder, a few at a time, so that short requests are not kept
 * waiting behind long ones. Everything happens in the request's mailbox.
 */
final class EvidenceRun implements Judge.Judging {

    private static final int AT_ONCE = 8;
    private static final int QUOTES = 2;

    private final EvidenceJudge.Tools tools;
    private final Judge.Task task;
    private final Judge.Listener listener;
    private final IntFunction<EvidenceText> reader;
    private final Deque<Integer> waiting;
    private final Map<Integer, CompletableFuture<List<float[]>>> running = new HashMap<>();
    private final List<TextAnalysis.Word> queryWords;
    private boolean stopped;
    private int queryLength;
    private float @Nullable [] query;

    EvidenceRun(EvidenceJudge.Tools tools, Judge.Task task, Judge.Listener listener, IntFunction<EvidenceText> reader) {
        this.tools = tools;
        this.task = task;
        this.listener = listener;
        this.reader = reader;
        this.waiting = new ArrayDeque<>(task.indices());
        this.queryWords = task.explain()
                ? EvidenceCoverage.words(tools.analysis(), task.request().query())
                : List.of();
    }

    /** Encodes the query, then the documents. */
    void begin(EvidenceText text) {
        queryLength = text.words();
        afterwards(tools.encode(text.windows()), (vectors, failure) -> queryEncoded(text.windows(), vectors, failure));
    }

    /** The engine's thread only hands on; what throws in the mailbox is dealt with there. */
    private void afterwards(
            CompletableFuture<List<float[]>> future, BiConsumer<@Nullable List<float[]>, @Nullable Throwable> then) {
        var unused =
                future.whenComplete((vectors, failure) -> task.mailbox().execute(() -> then.accept(vectors, failure)));
    }

    private void queryEncoded(List<int[]> windows, @Nullable List<float[]> vectors, @Nullable Throwable failure) {
        if (vectors == null) {
            while (!waiting.isEmpty()) {
                fail(waiting.remove(), failure);
            }
            return;
        }
        query = Vectors.mean(vectors, windows);
        encodeMore();
    }

    private void encodeMore() {
        while (query != null && !stopped && running.size() < AT_ONCE && !waiting.isEmpty()) {
            encode(waiting.remove());
        }
    }

    private void encode(int index) {
        EvidenceText text = reader.apply(index);
        if (text.sentences().isEmpty()) {
            judgeNothing(index, text.truncated());
            return;
        }
        List<int[]> texts = new ArrayList<>(text.windows());
        if (chooses(text)) {
            texts.addAll(text.quotable());
        }
        int promptTokens =
                texts.stream().mapToInt(ids -> tools.frame().around(ids).length).sum();
        listener.started(index, promptTokens, 0, text.truncated());
        try {
            CompletableFuture<List<float[]>> vectors = tools.encode(texts);
            running.put(index, vectors);
            afterwards(vectors, (encoded, failure) -> encoded(index, text, promptTokens, encoded, failure));
        } catch (RuntimeException e) {
            fail(index, e);
        }
    }

    /** Not blank, but the tokenizer knows nothing of what is there: the vector of an empty text would mean nothing. */
    private void judgeNothing(int index, boolean truncated) {
        listener.started(index, 0, 0, truncated);
        Judgement judgement = Judgements.blank(task.explain(), LabelSet.GRADED, truncated);
        if (!judgement.explanation().isEmpty()) {
            listener.delta(index, judgement.explanation());
        }
        listener.judged(index, judgement);
    }

    /** Where there are no more sentences than are quoted, no vectors are needed to choose. */
    private boolean chooses(EvidenceText text) {
        return task.explain() && text.sentences().size() > QUOTES;
    }

    private void encoded(
            int index,
            EvidenceText text,
            int promptTokens,
            @Nullable List<float[]> vectors,
            @Nullable Throwable failure) {
        if (running.remove(index) == null) {
            return;
        }
        if (vectors == null) {
            fail(index, failure);
        } else {
            judge(index, text, promptTokens, vectors);
        }
        encodeMore();
    }

    private void judge(int index, EvidenceText text, int promptTokens, List<float[]> vectors) {
        float[] asked = Objects.requireNonNull(query);
        List<float[]> windows = vectors.subList(0, text.windows().size());
        float[] window = windows.get(Vectors.closest(asked, windows));
        EvidenceFeatures features =
                new EvidenceFeatures(Vectors.closeness(asked, windows, text.windows()), queryLength);
        List<Double> probabilities = tools.scale().probabilities(features);
        int label = tools.scale().label(probabilities);
        String explanation = "";
        if (task.explain()) {
            List<String> quotes = quotes(text, window, vectors.subList(windows.size(), vectors.size()));
            explanation = tell(index, label, text, quotes, features.similarity());
        }
        LabelSet labels = LabelSet.GRADED;
        listener.judged(
                index,
                new Judgement(
                        explanation,
                        labels.values().get(label),
                        labels.values(),
                        probabilities,
                        Scoring.modelScore(labels, probabilities),
                        LabelSource.STATED,
                        Ending.STOP,
                        text.truncated(),
                        new Judgement.Usage(promptTokens, 0, 0)));
    }

    private String tell(int index, int label, EvidenceText text, List<String> quotes, double similarity) {
        EvidenceCoverage coverage = EvidenceCoverage.of(queryWords, tools.analysis(), text.sentences());
        List<String> pieces = EvidenceWords.pieces(label, coverage, quotes, similarity);
        pieces.forEach(piece -> listener.delta(index, piece));
        return String.join("", pieces);
    }

    /**
     * The sentences that are close both to the query and to what the document is about, in the document's order. A
     * sentence that merely repeats the question is close to the first alone.
     */
    private List<String> quotes(EvidenceText text, float[] window, List<float[]> vectors) {
        if (vectors.isEmpty()) {
            return text.sentences();
        }
        float[] asked = Objects.requireNonNull(query);
        return IntStream.range(0, vectors.size())
                .boxed()
                .sorted(Comparator.comparingDouble(
                        i -> -Vectors.dot(asked, vectors.get(i)) - Vectors.dot(window, vectors.get(i))))
                .limit(QUOTES)
                .sorted()
                .map(text.sentences()::get)
                .toList();
    }

    private void fail(int index, @Nullable Throwable failure) {
        EngineFailure engine = EngineFailure.of(failure);
        listener.failed(index, engine.code(), engine.message());
    }

    @Override
    public void cancel() {
        task.mailbox().execute(() -> {
            stop();
            Map<Integer, CompletableFuture<List<float[]>>> ended = new HashMap<>(running);
            running.clear();
            ended.forEach((index, vectors) -> {
                vectors.cancel(false);
                listener.withdrawn(index);
            });
        });
    }

    @Override
    public List<String> warnings() {
        return task.request().options().instruction() == null
                ? List.of()
                : List.of("instruction was not read: this model compares texts and follows no instructions");
    }

    @Override
    public void conclude() {
        task.mailbox().execute(this::stop);
    }

    private void stop() {
        stopped = true;
        while (!waiting.isEmpty()) {
            listener.withdrawn(waiting.remove());
        }
    }
}

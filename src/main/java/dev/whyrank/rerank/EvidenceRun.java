package dev.whyrank.rerank;

import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One request's documents on their way through the encoder, a few at a time, so that short requests are not kept
 * waiting behind long ones. Everything happens in the request's mailbox.
 */
final class EvidenceRun implements Judge.Judging {

    private static final int AT_ONCE = 8;

    private final EvidenceJudge.Encoder encoder;
    private final EvidenceJudge.Frame frame;
    private final OrdinalScale scale;
    private final Judge.Task task;
    private final Judge.Listener listener;
    private final IntFunction<EvidenceText> reader;
    private final Deque<Integer> waiting;
    private final Map<Integer, CompletableFuture<List<float[]>>> running = new HashMap<>();
    private boolean stopped;
    private float @Nullable [] query;

    EvidenceRun(
            EvidenceJudge.Encoder encoder,
            EvidenceJudge.Frame frame,
            OrdinalScale scale,
            Judge.Task task,
            Judge.Listener listener,
            IntFunction<EvidenceText> reader) {
        this.encoder = encoder;
        this.frame = frame;
        this.scale = scale;
        this.task = task;
        this.listener = listener;
        this.reader = reader;
        this.waiting = new ArrayDeque<>(task.indices());
    }

    /** Encodes the query, then the documents. */
    void begin(int[] queryTokens) {
        afterwards(encoder.encode(List.of(frame.around(queryTokens))), this::queryEncoded);
    }

    /** The engine's thread only hands on; what throws in the mailbox is dealt with there. */
    private void afterwards(
            CompletableFuture<List<float[]>> future, BiConsumer<@Nullable List<float[]>, @Nullable Throwable> then) {
        var unused =
                future.whenComplete((vectors, failure) -> task.mailbox().execute(() -> then.accept(vectors, failure)));
    }

    private void queryEncoded(@Nullable List<float[]> vectors, @Nullable Throwable failure) {
        if (vectors == null) {
            while (!waiting.isEmpty()) {
                fail(waiting.remove(), failure);
            }
            return;
        }
        query = vectors.get(0);
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
        List<int[]> texts = new ArrayList<>();
        text.windows().forEach(window -> texts.add(frame.around(window)));
        if (quotes(text)) {
            text.quotable().forEach(sentence -> texts.add(frame.around(sentence)));
        }
        int promptTokens = texts.stream().mapToInt(ids -> ids.length).sum();
        listener.started(index, promptTokens, 0, text.truncated());
        try {
            CompletableFuture<List<float[]>> vectors = encoder.encode(texts);
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

    /** A single sentence needs no vectors of its own to be the closest. */
    private boolean quotes(EvidenceText text) {
        return task.explain() && text.sentences().size() > 1;
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
        int windows = text.windows().size();
        double similarity = similarity(vectors.get(closest(vectors.subList(0, windows))));
        List<Double> probabilities = scale.probabilities(similarity);
        int label = Scoring.mostLikely(probabilities);
        StringBuilder explanation = new StringBuilder();
        if (task.explain()) {
            int sentence = quotes(text) ? closest(vectors.subList(windows, vectors.size())) : 0;
            for (String piece : EvidenceWords.pieces(label, text.sentences().get(sentence), similarity)) {
                explanation.append(piece);
                listener.delta(index, piece);
            }
        }
        LabelSet labels = LabelSet.GRADED;
        listener.judged(
                index,
                new Judgement(
                        explanation.toString(),
                        labels.values().get(label),
                        labels.values(),
                        probabilities,
                        Scoring.modelScore(labels, probabilities),
                        LabelSource.STATED,
                        Ending.STOP,
                        text.truncated(),
                        new Judgement.Usage(promptTokens, 0, 0)));
    }

    private int closest(List<float[]> vectors) {
        int best = 0;
        for (int i = 1; i < vectors.size(); i++) {
            best = similarity(vectors.get(i)) > similarity(vectors.get(best)) ? i : best;
        }
        return best;
    }

    /** The cosine: both vectors have length one. */
    private double similarity(float[] vector) {
        float[] other = Objects.requireNonNull(query);
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += (double) vector[i] * other[i];
        }
        return sum;
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

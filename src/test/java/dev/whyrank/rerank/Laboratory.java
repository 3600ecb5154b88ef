package dev.whyrank.rerank;

import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.GenerationTicket;
import dev.whyrank.model.ScriptedModel;
import dev.whyrank.rerank.GenerativeJudge.Asking;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.LabelCodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A whole reranker over the real engine and a scripted model, with deadlines that come when a test says so. */
final class Laboratory implements AutoCloseable {

    static final int SLOT = 800;
    static final int[] LABELS = {'0', '1', '2'};
    static final ChatWrapper CHAT =
            new ChatWrapper(ByteCodec.SPELLED_USER, ByteCodec.SPELLED_END + ByteCodec.SPELLED_ASSISTANT);

    final ScriptedModel model;
    final LocalReranker reranker;

    /** Opens with the first deadline that is planned. */
    final CountDownLatch deadlinePlanned = new CountDownLatch(1);

    /** Opens when the engine has first been told to conclude a request; its next step obeys. */
    final CountDownLatch concluded = new CountDownLatch(1);

    private final GenerationEngine engine;
    private final LocalQueryWriter queryWriter;
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final List<Runnable> deadlines = new CopyOnWriteArrayList<>();

    Laboratory(int slots, Actor actor) {
        this(slots, actor, new LocalReranker.Settings(1_000_000, 500_000, 2), RerankObserver.NONE);
    }

    Laboratory(int slots, Actor actor, LocalReranker.Settings settings, RerankObserver observer) {
        this(slots, actor, settings, observer, UnaryOperator.identity());
    }

    /** Something stands before the judge. */
    Laboratory(
            int slots,
            Actor actor,
            LocalReranker.Settings settings,
            RerankObserver observer,
            UnaryOperator<Judge> before) {
        ByteCodec codec = new ByteCodec();
        model = new ScriptedModel(slots, SLOT, ByteCodec.VOCABULARY, LABELS, actor);
        engine = GenerationEngine.generating(model, codec, new EngineSettings(128, 10_000, 1, 1), EngineListener.NONE);
        GenerativeJudge judge = new GenerativeJudge(
                (sequences, sharedPrefix, priority) ->
                        new Watched(engine.submit(sequences, sharedPrefix, priority), concluded),
                codec,
                SLOT,
                Set.of(ByteCodec.END),
                asking(PromptFormat.interankExplain(CHAT)),
                asking(PromptFormat.interankLabel(CHAT)));
        reranker = new LocalReranker(
                () -> "scripted",
                before.apply(judge),
                settings,
                observer,
                System::nanoTime,
                workers,
                this::plan,
                () -> {});
        queryWriter = new LocalQueryWriter(
                reranker, new LocalQueryWriter.Voice(engine::submit, codec, SLOT, Set.of(ByteCodec.END), CHAT));
    }

    QueryWriter queryWriter() {
        return queryWriter;
    }

    private record Watched(GenerationTicket ticket, CountDownLatch concluded) implements GenerationTicket {

        @Override
        public void cancel() {
            ticket.cancel();
        }

        @Override
        public void cancel(int index) {
            ticket.cancel(index);
        }

        @Override
        public void conclude() {
            ticket.conclude();
            concluded.countDown();
        }
    }

    private static Asking asking(PromptFormat format) {
        return new Asking(format, new LabelCodes(new ByteCodec().encodeMarkup(format.forcedText()), LABELS));
    }

    private Runnable plan(Duration delay, Runnable task) {
        deadlines.add(task);
        deadlinePlanned.countDown();
        return () -> deadlines.remove(task);
    }

    /** Every planned deadline has come. */
    void deadlineComes() {
        new ArrayList<>(deadlines).forEach(Runnable::run);
    }

    /** Deadlines that are planned and neither called off nor over. */
    int plannedDeadlines() {
        return deadlines.size();
    }

    Recording rerank(RerankRequest request) {
        Recording recording = new Recording();
        reranker.rerank(request, recording);
        return recording;
    }

    static RerankRequest request(RerankRequest.Options options, String... documents) {
        return new RerankRequest(
                "r",
                "why?",
                Stream.of(documents)
                        .map(text -> new RerankRequest.Candidate(text, null))
                        .toList(),
                options);
    }

    static RerankRequest.Options options(
            boolean explain, int explainTopN, int maxExplanation, int maxDocument, boolean truncate, boolean deadline) {
        return new RerankRequest.Options(
                explain,
                explainTopN,
                maxExplanation,
                maxDocument,
                truncate,
                0.7,
                deadline ? Duration.ofSeconds(5) : null,
                null);
    }

    /** Explains everything, in up to 100 tokens. */
    static RerankRequest.Options explaining() {
        return options(true, Integer.MAX_VALUE, 100, Integer.MAX_VALUE, true, false);
    }

    static RerankRequest.Options explainingUntilDeadline() {
        return options(true, Integer.MAX_VALUE, 100, Integer.MAX_VALUE, true, true);
    }

    static RerankRequest asked(String... documents) {
        return request(explaining(), documents);
    }

    static List<Integer> order(RerankEvent.Completed completed) {
        return completed.ranking().stream().map(RerankEvent.Ranked::index).toList();
    }

    static String[] graded(int... grades) {
        return Arrays.stream(grades).mapToObj(grade -> "grade=" + grade).toArray(String[]::new);
    }

    @Override
    public void close() {
        reranker.close();
        engine.close();
        try {
            if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("workers are still busy");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

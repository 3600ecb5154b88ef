package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.whyrank.Patience;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.ScriptedModel;
import dev.whyrank.model.TextEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EncodingTest {

    private static final EngineSettings SETTINGS = new EngineSettings(16, 100, 32, 40);

    private final FakeEncoder encoder = new FakeEncoder();
    private final Gate gate = new Gate();
    private final Queue<int[]> meter = new ConcurrentLinkedQueue<>();
    private final EngineListener listener = new EngineListener() {
        @Override
        public void encoded(int texts, int tokens, long nanos) {
            meter.add(new int[] {texts, tokens});
        }
    };
    private final GenerationEngine engine = GenerationEngine.encoding(encoder, SETTINGS, listener);

    @AfterEach
    void close() {
        gate.open();
        engine.close();
        assertThat(encoder.closed).isTrue();
    }

    @Test
    void returnsEachTextsVectorInOrder() throws Exception {
        Random random = new Random(3);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add(random.ints(1 + random.nextInt(16), 0, 1000).toArray());
        }
        List<float[]> vectors = get(engine.encode(texts));
        assertThat(vectors).hasSize(40);
        for (int i = 0; i < 40; i++) {
            assertThat(vectors.get(i)).isEqualTo(FakeEncoder.vector(texts.get(i)));
        }
        int tokens = texts.stream().mapToInt(text -> text.length).sum();
        assertThat(meter.stream().mapToInt(entry -> entry[1]).sum()).isEqualTo(tokens);
        assertThat(meter.stream().mapToInt(entry -> entry[0]).sum()).isEqualTo(40);
        assertThat(get(engine.encode(texts))).hasSize(40);
    }

    @Test
    void anEmptyListNeedsNoEncoder() throws Exception {
        assertThat(get(engine.encode(List.of()))).isEmpty();
        assertThat(encoder.batches).isEmpty();
    }

    @Test
    void refusesTextsThatDoNotFit() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> engine.encode(List.of(new int[1], new int[17])))
                .withMessageContaining("text 1 has 17 tokens");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> engine.encode(List.of(new int[0])))
                .withMessageContaining("text 0 has 0 tokens");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> engine.encode(Collections.nCopies(41, new int[1])));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(
                        () -> GenerationEngine.encoding(encoder, new EngineSettings(1, 1, 15, 1), EngineListener.NONE))
                .withMessageContaining("encoder-token-budget is 15");
        assertThatIllegalStateException()
                .isThrownBy(() -> engine.submit(List.of(), 0))
                .withMessageContaining("language model");
    }

    @Test
    void aBatchThatFailsEndsItsJobsAndNoOthers() throws Exception {
        encoder.before = batch -> {
            gate.acceptAny();
            if (batch.stream().anyMatch(text -> text[0] == 13)) {
                throw new IllegalStateException("unlucky");
            }
        };
        CompletableFuture<List<float[]>> first = engine.encode(List.of(new int[] {1}));
        gate.awaitArrival();
        CompletableFuture<List<float[]>> unlucky = engine.encode(
                List.of(new int[] {13, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, new int[] {1}));
        CompletableFuture<List<float[]>> other = engine.encode(List.of(new int[] {2}));
        gate.open();
        assertThat(get(first)).hasSize(1);
        assertThat(get(other)).hasSize(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(unlucky))
                .withMessageContaining("unlucky");
        encoder.missing = true;
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(engine.encode(List.of(new int[] {2}))))
                .withMessageContaining("0 vectors for 1 texts");
    }

    @Test
    void aCancelledFutureIsNotEncodedAndItsPlacesAreFree() throws Exception {
        encoder.before = batch -> gate.acceptAny();
        CompletableFuture<List<float[]>> first = engine.encode(List.of(new int[] {1}));
        gate.awaitArrival();
        CompletableFuture<List<float[]>> cancelled = engine.encode(Collections.nCopies(39, new int[] {2}));
        assertThatExceptionOfType(EngineOverloadedException.class).isThrownBy(() -> engine.encode(List.of(new int[1])));
        cancelled.cancel(true);
        CompletableFuture<List<float[]>> last = engine.encode(List.of(new int[] {3}));
        gate.open();
        assertThat(get(last)).hasSize(1);
        assertThat(get(first)).hasSize(1);
        assertThat(encoder.batches)
                .hasSize(2)
                .allSatisfy(batch -> assertThat(batch).hasSize(1));
    }

    @Test
    void aFutureCancelledInTheQueueIsDroppedAndTheThreadRests() throws Exception {
        encoder.before = batch -> gate.acceptAny();
        CompletableFuture<List<float[]>> first = engine.encode(Collections.nCopies(6, new int[16]));
        gate.awaitArrival();
        CompletableFuture<List<float[]>> cancelled = engine.encode(Collections.nCopies(3, new int[] {2}));
        gate.pass();
        gate.awaitArrival();
        cancelled.cancel(true);
        gate.open();
        assertThat(get(first)).hasSize(6);
        while (engine.busyNanos() != 0) {
            Thread.onSpinWait();
        }
        assertThat(encoder.batches).hasSize(3);
    }

    @Test
    void closingFailsWhatWaits() {
        encoder.before = batch -> gate.acceptAny();
        CompletableFuture<List<float[]>> running = engine.encode(Collections.nCopies(20, new int[10]));
        gate.awaitArrival();
        CompletableFuture<List<float[]>> waiting = engine.encode(List.of(new int[] {3}));
        Thread closer = new Thread(engine::close);
        closer.start();
        assertThatExceptionOfType(EngineClosedException.class).isThrownBy(() -> {
            while (true) {
                engine.encode(List.of(new int[1])).cancel(true);
            }
        });
        gate.open();
        for (CompletableFuture<List<float[]>> future : List.of(running, waiting)) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> get(future))
                    .withCauseInstanceOf(EngineClosedException.class);
        }
    }

    @Test
    void anErrorOfTheEncoderHarmsNoGeneration() throws Exception {
        ScriptedModel model = new ScriptedModel(2, 64, Texts.VOCABULARY, Texts.LABELS);
        FakeEncoder broken = new FakeEncoder();
        broken.before = batch -> {
            throw new NoClassDefFoundError("made up");
        };
        Recording recording = new Recording();
        model.beforeStep(step -> gate.acceptAny());
        try (GenerationEngine both = GenerationEngine.of(model, Texts.BYTES, broken, SETTINGS, EngineListener.NONE)) {
            both.submit(List.of(request(30, recording)), 0);
            gate.awaitArrival();
            CompletableFuture<List<float[]>> failed = both.encode(List.of(new int[1]));
            gate.open();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> get(failed))
                    .withMessageContaining("made up");
            assertThat(recording.awaitEnd().tokens).hasSize(30);
        }
        assertThat(model.isClosed() && broken.closed).isTrue();
    }

    @Test
    void stepsAndBatchesTakeTurns() throws Exception {
        List<String> turns = new CopyOnWriteArrayList<>();
        ScriptedModel model = new ScriptedModel(2, 64, Texts.VOCABULARY, Texts.LABELS);
        FakeEncoder second = new FakeEncoder();
        model.beforeStep(step -> {
            turns.add("step");
            gate.acceptAny();
        });
        second.before = batch -> turns.add("batch");
        Recording recording = new Recording();
        try (GenerationEngine both = GenerationEngine.of(model, Texts.BYTES, second, SETTINGS, EngineListener.NONE)) {
            both.submit(List.of(request(5, recording)), 0);
            gate.awaitArrival();
            CompletableFuture<List<float[]>> vectors = both.encode(Collections.nCopies(8, new int[16]));
            gate.open();
            get(vectors);
            recording.awaitEnd();
        }
        assertThat(turns).containsExactly("step", "step", "batch", "step", "batch", "step", "batch", "step", "batch");
    }

    private static SequenceRequest request(int limit, SequenceListener listener) {
        StopRule never = new StopRule(Set.of(), List.of());
        return new SequenceRequest(new int[] {1}, limit, new int[0], SamplingPolicy.GREEDY, never, listener);
    }

    private static List<float[]> get(CompletableFuture<List<float[]>> future) throws Exception {
        return future.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /** Its vectors depend on one text alone; refuses batches that the engine should not make. */
    private static final class FakeEncoder implements TextEncoder {

        final List<List<int[]>> batches = new CopyOnWriteArrayList<>();
        volatile Consumer<List<int[]>> before = batch -> {};
        volatile boolean missing;
        volatile boolean closed;

        static float[] vector(int[] text) {
            double angle = java.util.Arrays.hashCode(text);
            return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
        }

        @Override
        public int window() {
            return 16;
        }

        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public float[][] encode(List<int[]> batch) {
            int longest = batch.stream().mapToInt(text -> text.length).max().orElseThrow();
            if (longest > window() || (batch.size() > 1 && longest * batch.size() > 32)) {
                throw new IllegalArgumentException("a batch of " + batch.size() + " texts of " + longest + " tokens");
            }
            batches.add(batch);
            before.accept(batch);
            return missing
                    ? new float[0][]
                    : batch.stream().map(FakeEncoder::vector).toArray(float[][]::new);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

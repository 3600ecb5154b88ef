package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.ScriptedModel;
import dev.whyrank.model.TokenBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GenerationEngineTest {

    private static final EngineSettings SETTINGS = new EngineSettings(16, 10, 64, 10);
    private static final StopRule NEVER = new StopRule(Set.of(), List.of());

    private final ScriptedModel model = new ScriptedModel(4, 64, Texts.VOCABULARY, Texts.LABELS).tokenBudget(16);
    private final ConcurrentLinkedQueue<RuntimeException> failedSteps = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Occupancy> occupancy = new AtomicReference<>(new Occupancy(0, 0, 0, 0));
    private final AtomicInteger decoded = new AtomicInteger();
    private final AtomicInteger prefilled = new AtomicInteger();
    private final AtomicInteger copied = new AtomicInteger();
    private final EngineListener listener = new EngineListener() {
        @Override
        public void step(int chunks, int prefillTokens, int decodeTokens, int copiedTokens, long nanos) {
            prefilled.addAndGet(prefillTokens);
            decoded.addAndGet(decodeTokens);
            copied.addAndGet(copiedTokens);
            if (hostileMeter) {
                throw new IllegalStateException("a hostile meter");
            }
        }

        @Override
        public void stepFailed(RuntimeException cause) {
            failedSteps.add(cause);
        }

        @Override
        public void state(int waiting, int running, long usedPositions, int slots) {
            occupancy.set(new Occupancy(waiting, running, usedPositions, slots));
        }
    };
    private volatile boolean hostileMeter;
    private final Gate gate = new Gate();
    private final GenerationEngine engine = GenerationEngine.generating(model, Texts.BYTES, SETTINGS, listener);

    @AfterEach
    void close() {
        gate.open();
        engine.close();
        assertThat(model.isClosed()).isTrue();
    }

    @Test
    void servesManyThreadsAsIfEachWereAlone() throws Exception {
        Map<Recording, SequenceRequest> all = new ConcurrentHashMap<>();
        ExecutorService clients = Executors.newFixedThreadPool(5);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int client = 0; client < 5; client++) {
                int seed = client;
                results.add(clients.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        SequenceRequest first = request(8, new Recording(), 1, 2, 3, seed, i);
                        SequenceRequest second = request(5, new Recording(), 1, 2, 3, i);
                        engine.submit(List.of(first, second), 3);
                        all.put(recording(first).awaitEnd(), first);
                        all.put(recording(second).awaitEnd(), second);
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(all).hasSize(400);
        all.forEach((recording, request) ->
                assertThat(recording.tokens).isEqualTo(Alone.of(request, model).tokens()));
    }

    @Test
    void metersWhatWasComputed() {
        SequenceRequest first = request(4, new Recording(), 1, 2, 3, 4);
        SequenceRequest second = request(4, new Recording(), 1, 2, 3, 5);
        engine.submit(List.of(first, second), 3);
        recording(first).awaitEnd();
        recording(second).awaitEnd();
        engine.close();
        assertThat(prefilled).hasValue(5);
        assertThat(copied).hasValue(6);
        assertThat(decoded).hasValue(6);
        assertThat(occupancy).hasValue(new Occupancy(0, 0, 0, 0));
        assertThat(failedSteps).isEmpty();
    }

    @Test
    void refusesWhatCannotFitBeforeItIsQueued() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> engine.submit(List.of(request(64, new Recording(), 1)), 0))
                .withMessageContaining("slot length (64)");
        SequenceRequest request = request(1, new Recording(), 1);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> engine.submit(java.util.Collections.nCopies(11, request), 0))
                .withMessageContaining("never fit a queue of 10");
        assertThatIllegalStateException()
                .isThrownBy(() -> engine.encode(List.of(new int[1])))
                .withMessageContaining("text encoder");
    }

    @Test
    void refusesARequestWholeWhenTheInboxIsFullAndTakesItLater() {
        model.beforeStep(gate);
        Recording blocker = new Recording();
        engine.submit(List.of(request(3, blocker, 1)), 0);
        gate.awaitArrival();
        List<SequenceRequest> eight = requests(8);
        engine.submit(eight, 0);
        assertThatExceptionOfType(EngineOverloadedException.class)
                .isThrownBy(() -> engine.submit(requests(3), 0))
                .satisfies(e -> assertThat(e.waiting()).isEqualTo(8))
                .satisfies(e -> assertThat(e.capacity()).isEqualTo(10));
        engine.submit(requests(2), 0);
        gate.open();
        eight.forEach(request -> recording(request).awaitEnd());
        List<SequenceRequest> ten = requests(10);
        engine.submit(ten, 0);
        ten.forEach(request -> recording(request).awaitEnd());
    }

    @Test
    void placesOfCancelledSequencesAreFreeAgain() {
        model.beforeStep(gate);
        engine.submit(List.of(request(3, new Recording(), 1)), 0);
        gate.awaitArrival();
        for (int round = 0; round < 3; round++) {
            List<SequenceRequest> ten = requests(10);
            GenerationTicket ticket = engine.submit(ten, 0);
            ticket.cancel();
            gate.pass();
            ten.forEach(
                    request -> assertThat(recording(request).awaitEnd().reason).isEqualTo(FinishReason.CANCELLED));
        }
    }

    @Test
    void cancelsAndConcludesWithinOneStep() {
        model.beforeStep(gate);
        Recording cancelled = new Recording();
        Recording other = new Recording();
        Recording concluded = new Recording();
        GenerationTicket first = engine.submit(List.of(request(50, cancelled, 1), request(50, other, 2)), 0);
        gate.awaitArrival();
        GenerationTicket second = engine.submit(List.of(request(50, concluded, 3)), 0);
        first.cancel(0);
        gate.pass();
        assertThat(cancelled.awaitEnd().reason).isEqualTo(FinishReason.CANCELLED);
        assertThat(cancelled.tokens).hasSize(1);
        gate.awaitArrival();
        second.conclude();
        gate.pass();
        assertThat(concluded.awaitEnd().reason).isEqualTo(FinishReason.CONCLUDED);
        assertThat(concluded.tokens).hasSize(1);
        first.cancel();
        gate.open();
        assertThat(other.awaitEnd().reason).isEqualTo(FinishReason.CANCELLED);
        first.cancel();
        second.conclude();
    }

    @Test
    void survivesAModelThatThrows() {
        RuntimeException broken = new IllegalArgumentException("broken");
        AtomicInteger steps = new AtomicInteger();
        model.beforeStep(step -> {
            if (steps.incrementAndGet() == 3) {
                throw broken;
            }
        });
        Recording unlucky = new Recording();
        engine.submit(List.of(request(9, unlucky, 1)), 0);
        assertThat(unlucky.awaitEnd().failure).isSameAs(broken);
        Recording lucky = new Recording();
        engine.submit(List.of(request(9, lucky, 1)), 0);
        assertThat(lucky.awaitEnd().tokens).hasSize(9);
        assertThat(failedSteps).containsExactly(broken);
    }

    @Test
    void anErrorFailsEveryoneAndTheThreadLivesOn() {
        AtomicInteger steps = new AtomicInteger();
        model.beforeStep(step -> {
            if (steps.incrementAndGet() == 3) {
                throw new OutOfMemoryError("made up");
            }
        });
        List<SequenceRequest> eight = requests(8);
        engine.submit(eight, 0);
        eight.forEach(request -> assertThat(recording(request).awaitEnd().failure)
                .hasCauseInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("made up"));
        List<SequenceRequest> ten = requests(10);
        engine.submit(ten, 0);
        ten.forEach(request -> assertThat(recording(request).awaitEnd().reason).isEqualTo(FinishReason.LENGTH));
        assertThat(failedSteps).hasSize(1);
    }

    @Test
    void aFaultWhileAResultIsAppliedFailsEveryoneWithItsCauseAndTheEngineStartsAfresh() {
        AtomicInteger reads = new AtomicInteger();
        ScriptedModel own = new ScriptedModel(4, 64, Texts.VOCABULARY, Texts.LABELS);
        RuntimeException broken = new IllegalArgumentException("no such token");
        TokenBytes faulty = token -> {
            if (reads.incrementAndGet() == 5) {
                throw broken;
            }
            return Texts.BYTES.of(token);
        };
        try (GenerationEngine other = GenerationEngine.generating(own, faulty, SETTINGS, EngineListener.NONE)) {
            List<SequenceRequest> six = requests(6);
            other.submit(six, 0);
            six.forEach(
                    request -> assertThat(recording(request).awaitEnd().failure).hasCause(broken));
            List<SequenceRequest> ten = requests(10);
            other.submit(ten, 0);
            ten.forEach(
                    request -> assertThat(recording(request).awaitEnd().tokens).hasSize(20));
        }
    }

    @Test
    void aListenerThatThrowsIsCancelledAndHarmsNobody() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger ends = new AtomicInteger();
        SequenceListener hostile = new SequenceListener() {
            @Override
            public void started(int promptTokens, int cachedTokens) {}

            @Override
            public void token(int token, float[] labelLogProbabilities) {
                calls.incrementAndGet();
                throw new AssertionError("hostile");
            }

            @Override
            public void finished(FinishReason reason, float[] labelLogProbabilities) {
                ends.addAndGet(reason == FinishReason.CANCELLED ? 1 : 100);
                throw new IllegalStateException("hostile to the end");
            }

            @Override
            public void failed(RuntimeException cause) {
                ends.addAndGet(100);
            }
        };
        Recording friendly = new Recording();
        engine.submit(List.of(request(30, hostile, 1), request(30, friendly, 2)), 0);
        assertThat(friendly.awaitEnd().tokens).hasSize(30);
        engine.close();
        assertThat(calls).hasValue(1);
        assertThat(ends).hasValue(1);
    }

    @Test
    void aMeterThatThrowsHarmsNobody() {
        hostileMeter = true;
        Recording recording = new Recording();
        engine.submit(List.of(request(3, recording, 1)), 0);
        assertThat(recording.awaitEnd().tokens).hasSize(3);
        engine.close();
        assertThat(decoded).hasValue(2);
        assertThat(failedSteps).isEmpty();
    }

    @Test
    void closingFailsTheRunningAndTheWaiting() {
        model.beforeStep(gate);
        List<SequenceRequest> first = requests(6);
        engine.submit(first, 0);
        gate.awaitArrival();
        List<SequenceRequest> second = requests(3);
        GenerationTicket ticket = engine.submit(second, 0);
        Thread closer = new Thread(engine::close);
        closer.start();
        gate.open();
        first.forEach(
                request -> assertThat(recording(request).awaitEnd().failure).isInstanceOf(EngineClosedException.class));
        second.forEach(
                request -> assertThat(recording(request).awaitEnd().failure).isInstanceOf(EngineClosedException.class));
        engine.close();
        ticket.cancel();
        assertThatExceptionOfType(EngineClosedException.class).isThrownBy(() -> engine.submit(requests(1), 0));
        assertThat(engine.busyNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aListenerMayCloseTheEngineAndSubmitToIt() {
        Recording follower = new Recording();
        SequenceListener chain = new SequenceListener() {
            @Override
            public void started(int promptTokens, int cachedTokens) {
                engine.submit(List.of(request(2, follower, 7)), 0);
            }

            @Override
            public void token(int token, float[] labelLogProbabilities) {}

            @Override
            public void finished(FinishReason reason, float[] labelLogProbabilities) {
                engine.close();
            }

            @Override
            public void failed(RuntimeException cause) {}
        };
        engine.submit(List.of(request(12, chain, 1)), 0);
        assertThat(follower.awaitEnd().tokens).hasSize(2);
    }

    @Test
    void saysHowLongAStepHasTakenAndNothingWhenIdle() {
        model.beforeStep(gate);
        Recording recording = new Recording();
        engine.submit(List.of(request(1, recording, 1)), 0);
        gate.awaitArrival();
        long busy = engine.busyNanos();
        assertThat(busy).isPositive().isLessThan(TimeUnit.SECONDS.toNanos(30));
        assertThat(engine.busyNanos()).isGreaterThan(busy);
        gate.open();
        recording.awaitEnd();
        while (engine.busyNanos() != 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesSettingsThatDoNotFitTheModel() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> GenerationEngine.generating(
                        model, Texts.BYTES, new EngineSettings(3, 1, 1, 1), EngineListener.NONE))
                .withMessageContaining("token-budget");
    }

    private static Recording recording(SequenceRequest request) {
        return (Recording) request.listener();
    }

    private static List<SequenceRequest> requests(int count) {
        List<SequenceRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(request(20, new Recording(), 1, i));
        }
        return requests;
    }

    private static SequenceRequest request(int limit, SequenceListener listener, int... prompt) {
        return new SequenceRequest(prompt, limit, new int[0], SamplingPolicy.GREEDY, NEVER, listener);
    }
}

package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.whyrank.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GenerationEngineTest extends EngineFixture {

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
    void reportsItsStateAfterEachStep() {
        model.beforeStep(gate);
        engine.submit(requests(6), 0);
        gate.awaitArrival();
        gate.pass();
        gate.awaitArrival();
        assertThat(occupancy).hasValue(new Occupancy(2, 4, 8, 4));
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
}

package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.whyrank.model.ScriptedModel;
import dev.whyrank.model.TokenBytes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever breaks, no sequence is lost and no other is harmed. */
@Timeout(30)
class EngineFaultsTest extends EngineFixture {

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
    void isDeadWhenStepsFailOneAfterTheOtherAndNotWhenOneSucceedsBetween() {
        RuntimeException broken = new IllegalArgumentException("the device is lost");
        AtomicInteger steps = new AtomicInteger();
        model.beforeStep(step -> {
            if (steps.incrementAndGet() % 5 != 0) {
                throw broken;
            }
        });
        submitOneAfterTheOther(10);
        assertThat(engine.isDead()).isFalse();
        model.beforeStep(step -> {
            throw broken;
        });
        submitOneAfterTheOther(5);
        assertThat(engine.isDead()).isTrue();
        assertThat(engine.busyNanos()).isEqualTo(Long.MAX_VALUE);
    }

    private void submitOneAfterTheOther(int sequences) {
        for (int i = 0; i < sequences; i++) {
            Recording recording = new Recording();
            engine.submit(List.of(request(1, recording, 1)), 0);
            recording.awaitEnd();
        }
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
        while (closer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
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
}

package dev.whyrank.rerank;

import static dev.whyrank.rerank.Laboratory.asked;
import static dev.whyrank.rerank.Laboratory.graded;
import static dev.whyrank.rerank.Laboratory.order;
import static dev.whyrank.rerank.Laboratory.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.Step;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** How a request is let in, and how it ends: in time or not, cancelled, broken, drained. */
class RequestLifeTest {

    @Test
    void concludesAtTheDeadline() throws InterruptedException {
        try (Laboratory lab = new Laboratory(1, new Actor())) {
            CountDownLatch deltas = new CountDownLatch(1);
            CountDownLatch over = new CountDownLatch(1);
            AtomicInteger written = new AtomicInteger();
            lab.model.beforeStep(step -> {
                // Counted here, since the engine may be far ahead of what has been heard.
                if (step.tokenCount() == 1 && written.incrementAndGet() > 10) {
                    await(over);
                }
            });
            Recording heard = new Recording().also(event -> {
                if (event instanceof RerankEvent.ExplanationDelta) {
                    deltas.countDown();
                }
            });
            lab.reranker.rerank(request(Laboratory.explainingUntilDeadline(), graded(2, 1)), heard);
            assertThat(deltas.await(20, TimeUnit.SECONDS)).isTrue();
            lab.deadlineComes();
            await(lab.concluded);
            over.countDown();
            assertThat(order(heard.completed())).containsExactly(0, 1);
            heard.requireOrder(2, "deadline");
            assertThat(heard.judgement(0).ending()).isEqualTo(Ending.DEADLINE);
            assertThat(heard.judgement(0).source()).isEqualTo(LabelSource.FORCED);
            assertThat(heard.judgement(0).label()).isEqualTo(2);
            assertThat(heard.all(RerankEvent.DocumentFailed.class))
                    .extracting(RerankEvent.DocumentFailed::code)
                    .containsExactly(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(lab.plannedDeadlines()).isZero();
        }
    }

    @Test
    void failsAsAWholeWhenTheDeadlineLeavesNothing() throws InterruptedException {
        try (Laboratory lab = new Laboratory(1, new Actor())) {
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch over = new CountDownLatch(1);
            lab.model.beforeStep(step -> {
                busy.countDown();
                await(over);
            });
            Recording first = lab.rerank(asked(graded(1)));
            assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
            Recording second = lab.rerank(request(Laboratory.explainingUntilDeadline(), graded(2, 1)));
            await(lab.deadlinePlanned);
            lab.deadlineComes();
            await(lab.concluded);
            over.countDown();
            assertThat(second.failed().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            second.requireOrder(2, "nothing in time");
            assertThat(order(first.completed())).containsExactly(0);
        }
    }

    @Test
    void aCancelledRequestFailsAndFreesItsSlots() {
        try (Laboratory lab = new Laboratory(1, new Actor())) {
            CompletableFuture<Reranker.Handle> handle = new CompletableFuture<>();
            Recording heard = new Recording().also(event -> {
                if (event instanceof RerankEvent.ExplanationDelta) {
                    handle.join().cancel();
                }
            });
            handle.complete(lab.reranker.rerank(asked(graded(2, 1, 0)), heard));
            assertThat(heard.failed().code()).isEqualTo(ErrorCode.CANCELLED);
            heard.requireOrder(3, "cancelled");
            assertThat(lab.reranker.queuedTokens()).isZero();
            assertThat(order(lab.rerank(asked(graded(1))).completed())).containsExactly(0);
            handle.join().cancel();
        }
    }

    @Test
    void aFailedStepFailsItsDocumentsOnly() {
        try (Laboratory lab = new Laboratory(1, new Actor())) {
            AtomicBoolean failed = new AtomicBoolean();
            lab.model.beforeStep(step -> {
                boolean decoding =
                        step.chunks().stream().map(Step.Chunk::tokens).anyMatch(tokens -> tokens.length == 1);
                if (decoding && failed.compareAndSet(false, true)) {
                    throw new IllegalStateException("a broken step");
                }
            });
            Recording heard = lab.rerank(asked(graded(2, 1, 0)));
            assertThat(order(heard.completed())).containsExactly(1, 2, 0);
            assertThat(heard.all(RerankEvent.DocumentFailed.class))
                    .extracting(RerankEvent.DocumentFailed::code)
                    .containsExactly(ErrorCode.ENGINE_FAILURE);
            assertThat(heard.completed().ranking().get(2).judgement()).isNull();
            assertThat(heard.judgement(1).explanation()).isEqualTo(Actor.explanation(1));
        }
    }

    @Test
    void aListenerThatThrowsLosesOnlyItsOwnRequest() {
        try (Laboratory lab = new Laboratory(2, new Actor())) {
            Recording broken = new Recording().also(event -> {
                throw new IllegalStateException("the client is gone");
            });
            lab.reranker.rerank(asked(graded(1, 2)), broken);
            Recording sound = lab.rerank(asked(graded(0, 2)));
            assertThat(order(sound.completed())).containsExactly(1, 0);
            assertThat(broken.failed().code()).isEqualTo(ErrorCode.CANCELLED);
            broken.requireOrder(2, "broken listener");
        }
    }

    @Test
    void refusesWhatDoesNotFitAndLetsItInLater() {
        RerankRequest request = asked(graded(1, 2));
        try (Laboratory probe = new Laboratory(2, new Actor())) {
            CountDownLatch gate = new CountDownLatch(1);
            probe.model.beforeStep(step -> await(gate));
            probe.rerank(request);
            long tokens = probe.reranker.queuedTokens();
            gate.countDown();
            LocalReranker.Settings settings = new LocalReranker.Settings(tokens + 1, tokens, 2);
            refusesUntilTheFirstEnds(request, settings);
        }
    }

    private static void refusesUntilTheFirstEnds(RerankRequest request, LocalReranker.Settings settings) {
        try (Laboratory lab = new Laboratory(2, new Actor(), settings, RerankObserver.NONE)) {
            CountDownLatch gate = new CountDownLatch(1);
            lab.model.beforeStep(step -> await(gate));
            Recording first = lab.rerank(request);
            assertThatThrownBy(() -> lab.rerank(request)).isInstanceOfSatisfying(RerankException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
                assertThat(e.retryAfter())
                        .hasValueSatisfying(
                                after -> assertThat(after).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60)));
            });
            assertThatThrownBy(() -> lab.rerank(asked(graded(1, 2, 1))))
                    .isInstanceOfSatisfying(
                            RerankException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
            gate.countDown();
            first.completed();
            assertThat(order(lab.rerank(request).completed())).containsExactly(1, 0);
        }
    }

    @Test
    void drainingLetsAcceptedRequestsEnd() {
        try (Laboratory lab = new Laboratory(2, new Actor())) {
            Recording heard = lab.rerank(asked(graded(1, 2)));
            assertThat(lab.reranker.drain(Duration.ofSeconds(20))).isTrue();
            assertThat(order(heard.completed())).containsExactly(1, 0);
            assertThatThrownBy(() -> lab.rerank(asked(graded(1))))
                    .isInstanceOfSatisfying(
                            RerankException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
        }
    }

    @Test
    void drainingFailsWhatTakesTooLong() {
        try (Laboratory lab = new Laboratory(2, new Actor())) {
            CountDownLatch gate = new CountDownLatch(1);
            lab.model.beforeStep(step -> await(gate));
            Recording heard = lab.rerank(asked(graded(1, 2)));
            heard.also(event -> LockSupport.parkNanos(20_000_000));
            assertThat(lab.reranker.drain(Duration.ofMillis(1))).isFalse();
            assertThat(heard.events())
                    .as("told before the drain is over")
                    .last()
                    .isInstanceOf(RerankEvent.Failed.class);
            assertThat(heard.failed().code()).isEqualTo(ErrorCode.NOT_READY);
            heard.requireOrder(2, "drained");
            gate.countDown();
        }
    }

    @Test
    void saysHowManyDocumentsWaitBefore() {
        try (Laboratory lab = new Laboratory(1, new Actor())) {
            CountDownLatch gate = new CountDownLatch(1);
            lab.model.beforeStep(step -> await(gate));
            lab.rerank(asked(graded(1, 2, 0)));
            Recording second = lab.rerank(asked(graded(1)));
            gate.countDown();
            second.completed();
            assertThat(second.all(RerankEvent.Started.class).get(0).queuePosition())
                    .isBetween(2, 3);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the gate");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

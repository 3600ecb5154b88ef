package dev.whyrank.rerank;

import static dev.whyrank.rerank.HandJudge.judgement;
import static dev.whyrank.rerank.Laboratory.asked;
import static dev.whyrank.rerank.Laboratory.explainingUntilDeadline;
import static dev.whyrank.rerank.Laboratory.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** One request, step by step: what is observed of it, and how it ends when its judge or its client gives up. */
class RequestRunTest {

    private static RunByHand begun(String... documents) {
        return new RunByHand(asked(documents)).begin();
    }

    private static void requireOver(RunByHand by) {
        assertThat(by.released()).as("permits given back").isEqualTo(1);
        assertThat(by.ended()).as("ends told").isEqualTo(1);
    }

    @Test
    void isObservedFromItsAcceptanceToItsEnd() {
        RunByHand by = begun("one", "two");
        by.pass(3).tell(0, judge -> judge.started(0, 10, 0, false));
        by.pass(4).tell(0, judge -> judge.delta(0, "Because."));
        by.pass(1).tell(0, judge -> judge.started(1, 10, 0, false));
        by.tell(0, judge -> judge.delta(1, "Why not."));
        by.tell(0, judge -> judge.judged(0, judgement("Because.", 2)));
        by.pass(5).tell(0, judge -> judge.failed(1, ErrorCode.ENGINE_FAILURE, "broken"));

        assertThat(by.observed.lines())
                .containsExactly(
                        "waiting 1 with 2",
                        "waiting 1 with 1",
                        "queued 3",
                        "first token 7",
                        "waiting 1 with 0",
                        "judged 2",
                        "failed ENGINE_FAILURE",
                        "waiting 0 with 0",
                        "ended 3 7 13");
        assertThat(by.heard.completed().timings())
                .isEqualTo(new RerankEvent.Timings(Duration.ofMillis(3), Duration.ofMillis(7), Duration.ofMillis(13)));
        requireOver(by);
    }

    @Test
    void aLabelIsAFirstTokenToo() {
        RunByHand by = begun("one");
        by.pass(2).tell(0, judge -> judge.judged(0, judgement("", 1)));
        assertThat(by.observed.lines())
                .containsExactly(
                        "waiting 1 with 1",
                        "first token 2",
                        "waiting 1 with 0",
                        "judged 1",
                        "waiting 0 with 0",
                        "ended 2 2 2");
    }

    @Test
    void whatNeverCameTookAsLongAsTheRequest() {
        RunByHand by = begun("one");
        by.pass(9).tell(0, judge -> judge.failed(0, ErrorCode.NOT_READY, "gone"));
        assertThat(by.observed.of("ended")).containsExactly("ended 9 9 9 NOT_READY");
        assertThat(by.heard.failed()).isEqualTo(new RerankEvent.Failed(ErrorCode.NOT_READY, "gone"));
    }

    @Test
    void cancellingIsObservedUntilTheEndAndReachesTheJudge() {
        RunByHand by = begun("one");
        by.run.cancel();
        assertThat(by.orders(0)).containsExactly("cancel");
        assertThat(by.observed.of("cancelled")).hasSize(1);
        by.tell(0, judge -> judge.withdrawn(0));
        assertThat(by.heard.failed().code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(by.heard.all(RerankEvent.DocumentFailed.class))
                .containsExactly(new RerankEvent.DocumentFailed(0, ErrorCode.CANCELLED, "the request was cancelled"));
        by.run.cancel();
        assertThat(by.observed.of("cancelled")).hasSize(1);
        requireOver(by);
    }

    @Test
    void cancellingWhileDocumentsAreHandedOverReachesTheJudgeAfterwards() {
        RunByHand by = new RunByHand(asked("one"));
        by.judge.atHandOver(task -> {
            BooleanSupplier abandoned = task.abandoned();
            assertThat(abandoned.getAsBoolean()).isFalse();
            by.run.cancel();
            assertThat(abandoned.getAsBoolean()).isTrue();
        });
        by.begin();
        assertThat(by.orders(0)).containsExactly("cancel");
    }

    @Test
    void theDeadlineCountsFromTheAcceptance() {
        RunByHand by = new RunByHand(request(explainingUntilDeadline(), "one", "two"));
        by.pass(1200).begin();
        assertThat(by.planned).containsExactly(Duration.ofMillis(3800));
        by.deadlineComes();
        assertThat(by.orders(0)).containsExactly("conclude");
        by.tell(0, judge -> judge.judged(0, judgement("In time.", 2)));
        by.tell(0, judge -> judge.withdrawn(1));
        assertThat(by.heard.completed().ranking().get(1).failure())
                .isEqualTo(new RerankEvent.DocumentFailed(1, ErrorCode.DEADLINE_EXCEEDED, "the deadline came first"));
        assertThat(by.deadlineIsPlanned()).isFalse();
    }

    @Test
    void aDeadlineBeforeAnyJudgementIsWhatTheRequestFailsOf() {
        RunByHand by = new RunByHand(request(explainingUntilDeadline(), "one", "two"));
        by.begin();
        by.tell(0, judge -> judge.failed(0, ErrorCode.ENGINE_FAILURE, "stumbled"));
        by.deadlineComes();
        by.tell(0, judge -> judge.withdrawn(1));
        assertThat(by.heard.failed().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(by.heard.failed().message()).contains("no document was judged in time");
    }

    @Test
    void aDeadlineThatHasPassedComesAtOnce() {
        RunByHand by = new RunByHand(request(explainingUntilDeadline(), "one"));
        by.pass(6000).begin();
        assertThat(by.planned).containsExactly(Duration.ZERO);
    }

    @Test
    void aDocumentThatIsGivenUpForNoReasonFails() {
        RunByHand by = begun("one");
        by.tell(0, judge -> judge.withdrawn(0));
        assertThat(by.heard.failed().code()).isEqualTo(ErrorCode.ENGINE_FAILURE);
    }

    @Test
    void aJudgeThatRefusesFailsTheRequestWithItsReason() {
        assertThat(refusal(new RerankException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "too long")))
                .isEqualTo(new RerankEvent.Failed(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "too long"));
        assertThat(refusal(new InvalidInputException("no such label")))
                .isEqualTo(new RerankEvent.Failed(ErrorCode.INVALID_REQUEST, "no such label"));
        assertThat(refusal(new IllegalStateException("secret")))
                .isEqualTo(new RerankEvent.Failed(ErrorCode.ENGINE_FAILURE, "the model failed on this document"));
    }

    private static RerankEvent.Failed refusal(RuntimeException thrown) {
        RunByHand by = new RunByHand(asked("one", "two"));
        by.judge.atHandOver(task -> {
            throw thrown;
        });
        by.begin();
        by.heard.requireOrder(2, "refused");
        requireOver(by);
        return by.heard.failed();
    }

    @Test
    void aJudgeMayRefuseLate() {
        RunByHand by = begun("one", "two");
        by.tell(0, judge -> judge.started(0, 10, 0, false));
        by.tell(0, judge -> judge.refused(ErrorCode.TOO_LARGE, "too much"));
        assertThat(by.heard.failed()).isEqualTo(new RerankEvent.Failed(ErrorCode.TOO_LARGE, "too much"));
        assertThat(by.orders(0)).containsExactly("cancel");
        by.heard.requireOrder(2, "refused late");
    }

    @Test
    void aDocumentThatIsJudgedByAnotherBeginsAgain() {
        RunByHand by = begun("one");
        by.tell(0, judge -> judge.started(0, 10, 0, false));
        by.tell(0, judge -> judge.started(0, 10, 0, false));
        by.tell(0, judge -> judge.delta(0, "Lost"));
        by.tell(0, judge -> judge.restarted(0, 2));
        by.tell(0, judge -> judge.started(0, 10, 5, false));
        by.tell(0, judge -> judge.started(0, 10, 5, false));
        by.tell(0, judge -> judge.delta(0, "Found"));
        by.tell(0, judge -> judge.judged(0, judgement("Found", 1)));
        by.tell(0, judge -> judge.restarted(0, 3));
        by.tell(0, judge -> judge.delta(0, "late"));
        by.tell(0, judge -> judge.judged(0, judgement("late", 0)));
        List<RerankEvent> events = by.heard.events();
        assertThat(events.subList(1, events.size() - 1))
                .containsExactly(
                        new RerankEvent.DocumentStarted(0, 10, 0, false),
                        new RerankEvent.ExplanationDelta(0, "Lost"),
                        new RerankEvent.DocumentRestarted(0, 2),
                        new RerankEvent.DocumentStarted(0, 10, 5, false),
                        new RerankEvent.ExplanationDelta(0, "Found"),
                        new RerankEvent.DocumentCompleted(0, judgement("Found", 1), 0.5, 1));
        requireOver(by);
    }

    @Test
    void whatBreaksInsideFailsTheRequestAndNothingElse() {
        RunByHand by = new RunByHand(asked("one", "two"));
        by.judge.standingIn(new Judge.StandIn(List.of(1.0, 2.0, 3.0), "one too many"));
        by.begin();
        assertThat(by.heard.failed())
                .isEqualTo(new RerankEvent.Failed(ErrorCode.ENGINE_FAILURE, "the request failed inside the service"));
        assertThat(by.judge.tasks()).isZero();
        requireOver(by);
    }

    @Test
    void anAbortedRequestEndsWhateverItsJudgeDoes() {
        RunByHand by = begun("one", "two");
        by.tell(0, judge -> judge.judged(0, judgement("", 2)));
        by.run.abort(ErrorCode.NOT_READY, "shutting down");
        assertThat(by.orders(0)).containsExactly("cancel");
        assertThat(by.heard.failed()).isEqualTo(new RerankEvent.Failed(ErrorCode.NOT_READY, "shutting down"));
        by.run.abort(ErrorCode.ENGINE_FAILURE, "again");
        by.tell(0, judge -> judge.failed(1, ErrorCode.ENGINE_FAILURE, "late"));
        by.heard.requireOrder(2, "aborted");
        assertThat(by.orders(0)).hasSize(1);
        requireOver(by);
    }

    @Test
    void warningsAreToldOnceWhetherTheyComeEarlyOrLate() {
        RunByHand by = new RunByHand(asked("one"));
        by.judge.warning("early");
        by.begin();
        by.tell(0, judge -> judge.warned(List.of("early", "late")));
        by.tell(0, judge -> judge.judged(0, judgement("", 1)));
        assertThat(by.heard.completed().warnings()).containsExactly("early", "late");
    }

    @Test
    void onlyWhatMayPassIsWorthTryingAgain() {
        assertThat(ErrorCode.OVERLOADED.retryable()).isTrue();
        assertThat(ErrorCode.INVALID_REQUEST.retryable()).isFalse();
    }
}

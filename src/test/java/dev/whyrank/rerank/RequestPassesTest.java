package dev.whyrank.rerank;

import static dev.whyrank.rerank.HandJudge.judgement;
import static dev.whyrank.rerank.Laboratory.options;
import static dev.whyrank.rerank.Laboratory.order;
import static dev.whyrank.rerank.Laboratory.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.whyrank.rerank.Judgement.Ending;
import org.junit.jupiter.api.Test;

/** A request that is labelled first, so that only the best are explained, and what may come between. */
class RequestPassesTest {

    private static final String[] THREE = {"one", "two", "three"};

    /** Three documents, so many of which are to be explained. */
    private static RunByHand explaining(int best) {
        return new RunByHand(request(options(true, best, 100, 1000, true, true), THREE)).begin();
    }

    private static void label(RunByHand by, int... labels) {
        for (int i = 0; i < labels.length; i++) {
            int index = i;
            by.tell(0, judge -> judge.started(index, 10, 0, false));
            by.tell(0, judge -> judge.judged(index, judgement("", labels[index])));
        }
    }

    @Test
    void theBestAreExplainedAndStandAboveWhateverTheirExplanationSays() {
        RunByHand by = explaining(2);
        assertThat(by.judge.task(0).task().explain()).isFalse();
        assertThat(by.judge.task(0).task().indices()).containsExactly(0, 1, 2);
        label(by, 1, 0, 2);

        assertThat(by.judge.task(1).task().explain()).isTrue();
        assertThat(by.judge.task(1).task().indices()).containsExactly(2, 0);
        by.tell(1, judge -> judge.started(2, 10, 0, false));
        by.tell(1, judge -> judge.judged(2, judgement("Not at all.", 0)));
        by.tell(1, judge -> judge.judged(0, judgement("Somewhat.", 1)));

        assertThat(order(by.heard.completed())).containsExactly(0, 2, 1);
        assertThat(by.heard.completed().ranking())
                .extracting(RerankEvent.Ranked::judgement)
                .doesNotContainNull();
        assertThat(by.heard.all(RerankEvent.DocumentCompleted.class))
                .extracting(RerankEvent.DocumentCompleted::index, RerankEvent.DocumentCompleted::rank)
                .containsExactly(tuple(1, 1), tuple(2, 1), tuple(0, 1));
        assertThat(by.heard.judgement(0).usage()).isEqualTo(new Judgement.Usage(200, 80, 14));
        assertThat(by.heard.judgement(1).usage()).isEqualTo(new Judgement.Usage(100, 40, 7));
        assertThat(by.heard.all(RerankEvent.DocumentStarted.class)).hasSize(3);
    }

    @Test
    void onePassIsEnoughWhereAllOrNoneAreExplained() {
        RunByHand all = explaining(3);
        assertThat(all.judge.task(0).task().explain()).isTrue();
        label(all, 1, 2, 0);
        assertThat(order(all.heard.completed())).containsExactly(1, 0, 2);
        assertThat(all.judge.tasks()).isEqualTo(1);

        RunByHand none = explaining(0);
        assertThat(none.judge.task(0).task().explain()).isFalse();
        label(none, 1);
        assertThat(none.heard.all(RerankEvent.DocumentCompleted.class)).hasSize(1);
        assertThat(none.judge.tasks()).isEqualTo(1);
    }

    @Test
    void ranksAreThoseAmongTheDocumentsJudgedSoFar() {
        RunByHand by = explaining(3);
        label(by, 1, 0, 2);
        assertThat(by.heard.all(RerankEvent.DocumentCompleted.class))
                .extracting(RerankEvent.DocumentCompleted::rank)
                .containsExactly(1, 2, 1);
    }

    @Test
    void whenExplainingIsRefusedTheLabelsStay() {
        RunByHand by = explaining(2);
        by.judge.atHandOver(task -> {
            throw new RerankException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "no room to explain");
        });
        label(by, 1, 0, 2);
        assertThat(order(by.heard.completed())).containsExactly(2, 0, 1);
        assertThat(by.heard.completed().warnings())
                .containsExactly(
                        "documents[0] is not fully explained: no room to explain",
                        "documents[2] is not fully explained: no room to explain");
        assertThat(by.heard.judgement(2)).isEqualTo(judgement("", 2));
    }

    @Test
    void explainingThatIsRefusedBecauseNobodyWaitsFailsTheRequest() {
        RunByHand by = explaining(1);
        label(by, 1, 0, 2);
        by.run.cancel();
        by.tell(1, judge -> judge.refused(ErrorCode.CANCELLED, "the request was cancelled"));
        assertThat(by.heard.failed().code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(by.heard.all(RerankEvent.DocumentFailed.class)).hasSize(1);
    }

    @Test
    void anExplanationThatBreaksOffKeepsWhatWasTold() {
        RunByHand by = explaining(1);
        label(by, 1, 0, 2);
        by.tell(1, judge -> judge.delta(2, "It is"));
        by.tell(1, judge -> judge.failed(2, ErrorCode.ENGINE_FAILURE, "the model stumbled"));
        assertThat(by.heard.judgement(2).explanation()).isEqualTo("It is");
        assertThat(by.heard.judgement(2).label()).isEqualTo(2);
        assertThat(by.heard.judgement(2).ending()).isEqualTo(Ending.STOP);
        assertThat(by.heard.completed().warnings())
                .containsExactly("documents[2] is not fully explained: the model stumbled");
    }

    @Test
    void whatWasToldBeforeARestartIsForgotten() {
        RunByHand by = explaining(1);
        label(by, 1, 0, 2);
        by.tell(1, judge -> judge.delta(2, "Lost"));
        by.tell(1, judge -> judge.restarted(2, 2));
        by.tell(1, judge -> judge.delta(2, "Found"));
        by.tell(1, judge -> judge.failed(2, ErrorCode.ENGINE_FAILURE, "lost again"));
        assertThat(by.heard.judgement(2).explanation()).isEqualTo("Found");
    }

    @Test
    void theDeadlineEndsExplanationsButNotLabels() {
        RunByHand by = explaining(1);
        label(by, 1, 0, 2);
        by.deadlineComes();
        assertThat(by.orders(1)).containsExactly("conclude");
        by.tell(1, judge -> judge.withdrawn(2));
        assertThat(by.heard.judgement(2).ending()).isEqualTo(Ending.DEADLINE);
        assertThat(order(by.heard.completed())).containsExactly(2, 0, 1);
    }

    @Test
    void nothingIsExplainedAfterTheDeadline() {
        RunByHand by = explaining(2);
        label(by, 1, 0);
        by.deadlineComes();
        by.tell(0, judge -> judge.judged(2, judgement("", 2)));
        assertThat(by.judge.tasks()).isEqualTo(1);
        assertThat(order(by.heard.completed())).containsExactly(2, 0, 1);
        assertThat(by.heard.judgement(0).ending()).isEqualTo(Ending.DEADLINE);
        assertThat(by.heard.judgement(1).ending()).isEqualTo(Ending.STOP);
        assertThat(by.heard.judgement(2).ending()).isEqualTo(Ending.DEADLINE);
        assertThat(by.heard.completed().warnings())
                .contains("documents[2] is not fully explained: the deadline came first");
    }

    @Test
    void nothingIsExplainedAfterCancelling() {
        RunByHand by = explaining(1);
        label(by, 1, 0);
        by.run.cancel();
        by.tell(0, judge -> judge.judged(2, judgement("", 2)));
        assertThat(by.heard.failed().code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(by.judge.tasks()).isEqualTo(1);
        by.heard.requireOrder(3, "cancelled between the passes");
        assertThat(by.released()).isEqualTo(1);
    }

    @Test
    void aDocumentWithoutALabelIsNotExplained() {
        RunByHand by = explaining(2);
        label(by, 1);
        by.tell(0, judge -> judge.failed(1, ErrorCode.ENGINE_FAILURE, "broken"));
        by.tell(0, judge -> judge.judged(2, judgement("", 0)));
        assertThat(by.judge.task(1).task().indices()).containsExactly(0, 2);
        by.tell(1, judge -> judge.judged(0, judgement("Good.", 1)));
        by.tell(1, judge -> judge.judged(2, judgement("Bad.", 0)));
        assertThat(order(by.heard.completed())).containsExactly(0, 2, 1);
    }
}

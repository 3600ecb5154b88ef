package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.evaluate.Agreement.Judged;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {

    private static final double SECOND = 1 / (Math.log(3) / Math.log(2));

    @Test
    void ndcgIsTheFormulaAndLooksAtThreePlaces() {
        List<Judged> question =
                List.of(new Judged(2, 0.5, 0), new Judged(0, 0.9, 0), new Judged(1, 0.1, 0), new Judged(0, 0.4, 0));
        assertThat(Agreement.ndcg(List.of(question))).isCloseTo(2 * SECOND / (2 + SECOND), within(1e-12));
        assertThat(Agreement.ndcg(List.of(question, List.of(new Judged(0, 1, 0)))))
                .isCloseTo(SECOND / (2 + SECOND), within(1e-12));
    }

    @Test
    void equalScoresDoNotProfitFromTheOrderOfTheRecords() {
        assertThat(Agreement.ndcg(List.of(List.of(new Judged(2, 1, 0), new Judged(0, 1, 0)))))
                .isCloseTo(SECOND, within(1e-12));
    }

    @Test
    void accuracyAndMacroF1AreTheFormulas() {
        List<List<Judged>> questions = List.of(
                List.of(new Judged(0, 0, 0), new Judged(0, 0, 1)), List.of(new Judged(2, 0, 2), new Judged(1, 0, 2)));
        Confusion confusion = Agreement.confusion(questions);
        assertThat(confusion.accuracy()).isEqualTo(0.5);
        assertThat(confusion.macroF1()).isCloseTo((2 / 3.0 + 0 + 2 / 3.0) / 3, within(1e-12));
    }

    @Test
    void intervalsHoldTheValueAndAreRepeatable() {
        List<List<Judged>> questions =
                List.of(List.of(new Judged(0, 0, 0)), List.of(new Judged(1, 0, 0)), List.of(new Judged(2, 0, 2)));
        Agreement.Estimate estimate = Agreement.estimate(questions, AgreementTest::accuracy, 7);
        assertThat(estimate.value()).isBetween(estimate.low(), estimate.high());
        assertThat(estimate.low()).isLessThan(estimate.high());
        assertThat(Agreement.estimate(questions, AgreementTest::accuracy, 7)).isEqualTo(estimate);
    }

    private static double accuracy(List<List<Judged>> questions) {
        return Agreement.confusion(questions).accuracy();
    }
}

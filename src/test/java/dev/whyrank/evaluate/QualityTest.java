package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.evaluate.ExplanationQuality.Explained;
import dev.whyrank.evaluate.LabelQuality.Pair;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.Judgement.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityTest {

    @Test
    void labelQualityByHand() {
        LabelQuality quality = LabelQuality.of(
                List.of(pair(2, 2, 0.95), pair(2, 2, 0.95), pair(2, 1, 0.95), pair(0, 0, 0.65), pair(0, 2, 0.65)));
        assertThat(quality.confusion().accuracy()).isCloseTo(0.6, within(1e-12));
        // F1 of 0: 2*1/(2+1); of 1: 0/(0+1); of 2: 2*2/(3+3).
        assertThat(quality.confusion().macroF1()).isCloseTo((2 / 3.0 + 0 + 2 / 3.0) / 3, within(1e-12));
        double off = (3 * Math.abs(0.95 - 2 / 3.0) + 2 * Math.abs(0.65 - 0.5)) / 5;
        assertThat(quality.calibrationError()).isCloseTo(off, within(1e-12));
        assertThat(quality.confusion().counts()[2]).containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It names the cause, so it is relevant.|2",
                "It directly answers the question.|2",
                "The document is not relevant.|0",
                "Same words, but irrelevant to the question.|0",
                "It doesn't answer what was asked.|0",
                "It does not really address the question.|0",
                "Only background: partially relevant.|1",
                "It looks relevant at first, yet it is not relevant.|0",
                "Not relevant at first sight, but it answers the question.|2",
                "Foam comes from carbon dioxide.|-1"
            })
    void readsTheVerdictFromTheLastStatement(String explanation, int verdict) {
        assertThat(ExplanationQuality.verdict(explanation).orElse(-1)).isEqualTo(verdict);
    }

    @Test
    void explanationQualityByHand() {
        String document = "Foam rises because carbon  dioxide escapes.";
        ExplanationQuality quality = ExplanationQuality.of(List.of(
                explained("q1", document, "It says \"carbon dioxide escapes\"; relevant.", 2),
                explained("q1", document, "It says \"nitrogen escapes\"; relevant.", 0),
                explained("q1", document, "Foam zebra", 0),
                explained("q2", document, "Foam zebra", 0),
                explained("q2", document, "Foam zebra", 0),
                explained("q2", document, " ", 0)));
        assertThat(quality.count()).isEqualTo(5);
        assertThat(quality.withVerdict()).isEqualTo(2);
        assertThat(quality.consistent()).isEqualTo(0.5);
        assertThat(quality.quotes()).isEqualTo(2);
        assertThat(quality.verbatim()).isEqualTo(0.5);
        assertThat(quality.distinct()).isEqualTo(0.8);
        // Content words known: "says" not, three are; of the second "says" and "nitrogen" not; half of "Foam zebra".
        assertThat(quality.grounded()).isCloseTo((3 / 4.0 + 1 / 3.0 + 3 * 0.5) / 5, within(1e-12));
    }

    private static Explained explained(String query, String document, String explanation, int label) {
        return new Explained(query, "Why does beer foam?", document, explanation, label);
    }

    private static Pair pair(int grade, int label, double probability) {
        double rest = (1 - probability) / 2;
        List<Double> probabilities = List.of(
                label == 0 ? probability : rest, label == 1 ? probability : rest, label == 2 ? probability : rest);
        return new Pair(
                grade,
                new Judgement(
                        "",
                        label,
                        List.of(0, 1, 2),
                        probabilities,
                        0.5,
                        LabelSource.STATED,
                        Ending.STOP,
                        false,
                        new Usage(1, 0, 1)));
    }
}

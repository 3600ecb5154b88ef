package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoringTest {

    @Test
    void restrictsTheSoftmaxToTheLabels() {
        float[] log = {(float) Math.log(0.01), (float) Math.log(0.02), (float) Math.log(0.01)};
        List<Double> probabilities = Scoring.probabilities(LabelSet.GRADED, log).orElseThrow();
        assertThat(probabilities.get(0)).isCloseTo(0.25, within(1e-6));
        assertThat(probabilities.get(1)).isCloseTo(0.5, within(1e-6));
        assertThat(Scoring.modelScore(LabelSet.GRADED, probabilities)).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void survivesTinyProbabilities() {
        List<Double> probabilities = Scoring.probabilities(
                        LabelSet.GRADED, new float[] {-1e30f, -2000f, Float.NEGATIVE_INFINITY})
                .orElseThrow();
        assertThat(probabilities).containsExactly(0.0, 1.0, 0.0);
    }

    @Test
    void givesNothingForWhatIsNotADistribution() {
        assertThat(Scoring.probabilities(LabelSet.GRADED, new float[] {0f, Float.NaN, 0f}))
                .isEmpty();
        assertThat(Scoring.probabilities(LabelSet.GRADED, new float[] {0f, 0f})).isEmpty();
        float none = Float.NEGATIVE_INFINITY;
        assertThat(Scoring.probabilities(LabelSet.GRADED, new float[] {none, none, none}))
                .isEmpty();
    }

    @Test
    void dividesTheExpectedLabelByTheHighest() {
        LabelSet labels = LabelSet.numbers(0, 5);
        assertThat(Scoring.modelScore(labels, Scoring.certain(labels, 5))).isEqualTo(1.0);
        assertThat(Scoring.modelScore(labels, Scoring.certain(labels, 2))).isEqualTo(0.4);
        LabelSet yes = LabelSet.binary("no", "yes");
        assertThat(Scoring.modelScore(yes, List.of(0.25, 0.75))).isEqualTo(0.75);
    }

    @Test
    void probabilitiesSumToOne() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            float[] log = new float[3];
            for (int i = 0; i < 3; i++) {
                log[i] = -random.nextFloat() * 100;
            }
            List<Double> probabilities =
                    Scoring.probabilities(LabelSet.GRADED, log).orElseThrow();
            assertThat(probabilities.stream().mapToDouble(p -> p).sum())
                    .as("seed %d", seed)
                    .isCloseTo(1, within(1e-12));
            assertThat(Scoring.modelScore(LabelSet.GRADED, probabilities))
                    .as("seed %d", seed)
                    .isBetween(0.0, 1.0);
        }
    }
}

package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Strength, probabilities and cuts, in numbers. */
class OrdinalScaleTest {

    private static final OrdinalScale SCALE = new OrdinalScale(10, 2, 1, 3, 0.25, 0.75);

    @Test
    void strengthIsLinearInWhatIsMeasured() {
        EvidenceFeatures features = new EvidenceFeatures(0.5, 20);
        assertThat(features.queryLength()).isCloseTo(Math.log(21), within(1e-12));
        assertThat(SCALE.strength(features)).isCloseTo(5 + 2 * Math.log(21), within(1e-12));
    }

    @Test
    void lengthCountsBetweenTheShortestAndTheLongestThatWereSeen() {
        assertThat(new EvidenceFeatures(0, 3).queryLength()).isCloseTo(Math.log(16), within(1e-12));
        assertThat(new EvidenceFeatures(0, 500).queryLength()).isCloseTo(Math.log(151), within(1e-12));
    }

    @Test
    void probabilitiesAreThoseOfTheThresholds() {
        OrdinalScale plain = new OrdinalScale(1, 0, 0, 0.5, 0.25, 0.75);
        double relevant = 1 / (1 + Math.exp(0.5));
        List<Double> probabilities = plain.probabilities(new EvidenceFeatures(0, 20));
        assertThat(probabilities.get(0)).isCloseTo(0.5, within(1e-12));
        assertThat(probabilities.get(1)).isCloseTo(0.5 - relevant, within(1e-12));
        assertThat(probabilities.get(2)).isCloseTo(relevant, within(1e-12));
    }

    @Test
    void aLabelBeginsAboveItsCut() {
        assertThat(SCALE.label(List.of(0.5, 0.5, 0.0)))
                .as("a score of exactly 0.25")
                .isZero();
        assertThat(SCALE.label(List.of(0.5, 0.25, 0.25))).isEqualTo(1);
        assertThat(SCALE.label(List.of(0.0, 0.5, 0.5)))
                .as("a score of exactly 0.75")
                .isEqualTo(1);
        assertThat(SCALE.label(List.of(0.0, 0.25, 0.75))).isEqualTo(2);
    }

    @Test
    void thresholdsAndCutsMayMeetButNotFall() {
        assertThat(new OrdinalScale(1, 0, 2, 2, 0.5, 0.5).fully()).isEqualTo(2);
        assertThatThrownBy(() -> new OrdinalScale(1, 0, 2, 1.9, 0.5, 0.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OrdinalScale(1, 0, 2, 2, 0.5, 0.4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theShippedScaleIsThatOfItsResource() {
        OrdinalScale minilm = OrdinalScale.minilm();
        assertThat(minilm.similarity()).isPositive();
        assertThat(minilm.partly()).isLessThan(minilm.fully());
        assertThat(minilm.partlyCut()).isPositive().isLessThan(minilm.fullyCut());
        List<Double> close = minilm.probabilities(new EvidenceFeatures(0.9, 20));
        List<Double> far = minilm.probabilities(new EvidenceFeatures(0, 20));
        assertThat(minilm.label(close)).isEqualTo(2);
        assertThat(minilm.label(far)).isZero();
    }
}

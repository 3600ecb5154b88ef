package dev.whyrank.api.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawScoresTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-300, 0.075, 0.5, 0.925, 1 - 1e-12, 1})
    void areFiniteAndUndoneByASigmoid(double probability) {
        double logit = RerankPathController.logit(probability);

        assertThat(logit).isFinite();
        assertThat(1 / (1 + Math.exp(-logit))).isCloseTo(probability, within(1e-12));
    }
}

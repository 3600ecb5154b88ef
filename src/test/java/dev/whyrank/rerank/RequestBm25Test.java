package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequestBm25Test {

    @Test
    void isTheFormula() {
        List<Double> scores = RequestBm25.scores(
                TextAnalysis.STANDARD, "red fox red", List.of("red red hen", "grey fox", "hen", "hen hen hen hen"));
        double rare = Math.log(1 + 3.5 / 1.5);
        double norm = 0.9 * (0.6 + 0.4 * 3 / 2.5);
        assertThat(scores.get(0)).isCloseTo(2 * rare * 2 / (2 + norm), within(1e-12));
        norm = 0.9 * (0.6 + 0.4 * 2 / 2.5);
        assertThat(scores.get(1)).isCloseTo(rare / (1 + norm), within(1e-12));
        assertThat(scores.subList(2, 4)).containsExactly(0.0, 0.0);
    }

    @Test
    void englishComparesWithoutEndings() {
        List<String> documents = List.of("Brewing coffees", "Tea", "");
        assertThat(RequestBm25.scores(TextAnalysis.ENGLISH, "brew coffee", documents)
                        .get(0))
                .isPositive();
        assertThat(RequestBm25.scores(TextAnalysis.STANDARD, "brew coffee", documents))
                .containsExactly(0.0, 0.0, 0.0);
    }
}

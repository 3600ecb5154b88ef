package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.whyrank.evaluate.FirstStage.Retrieved;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The collection may not be redistributed, so it is used where it lies beside the checkout. */
class CranfieldTest {

    private static final Path FOLDER = Path.of(System.getProperty("whyrank.shared", "../shared"), "data", "cranfield");

    @Test
    void bm25ReachesItsKnownQuality() {
        assumeTrue(Files.isDirectory(FOLDER), "no Cranfield at " + FOLDER);
        TestCollection collection = Collections.open(FOLDER, CollectionOptions.DEFAULT)
                .get(0)
                .loader()
                .get();
        Map<String, List<String>> rankings = new LinkedHashMap<>();
        new FirstStage("bm25", 100, false)
                .retrieve(collection, 0)
                .forEach((id, found) -> rankings.put(
                        id, found.stream().map(Retrieved::documentId).toList()));
        Scores scores = Scores.of("bm25", List.of(Measure.MAIN), rankings, collection.qrels());
        assertThat(scores.perQuery()).hasSize(225);
        assertThat(scores.mean(Measure.MAIN)).isCloseTo(0.353, within(0.01));
    }
}

package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.evaluate.FirstStage.Retrieved;
import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstStageTest {

    private static final List<String> OWN =
            IntStream.range(0, 8).mapToObj(i -> "d" + i).toList();

    @TempDir
    Path folder;

    /** Records list relevant documents first, so their order must not decide ties. */
    @Test
    void givenCandidatesLoseTheirOrderBySeed() {
        FirstStage given = new FirstStage("given", 100, false);
        List<Retrieved> ordered = given.retrieve(collection(OWN), 1).getOrDefault("q", List.of());
        assertThat(ordered).extracting(Retrieved::documentId).containsExactlyInAnyOrderElementsOf(OWN);
        assertThat(ordered).extracting(Retrieved::documentId).isNotEqualTo(OWN);
        assertThat(ordered).extracting(Retrieved::score).containsOnlyNulls();
        assertThat(given.retrieve(collection(OWN), 1)).containsEntry("q", ordered);
        assertThat(given.retrieve(collection(OWN), 2)).doesNotContainEntry("q", ordered);
    }

    @Test
    void givenNeedsACollectionThatGives() {
        assertThatThrownBy(() -> new FirstStage("given", 100, false).retrieve(collection(null), 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no candidates of its own");
    }

    @Test
    void runLosesExcludedDocumentsBeforeItIsCut() throws IOException {
        FirstStage run = run("q Q0 d0 1 9 t\nq Q0 d1 2 8 t\nq Q0 d2 3 7 t\nq Q0 d3 4 6 t\n", 2);
        assertThat(run.retrieve(collection(null), 0))
                .containsEntry("q", List.of(new Retrieved("d0", 9.0), new Retrieved("d2", 7.0)));
    }

    @Test
    void runOfAnotherCollectionIsRefused() throws IOException {
        FirstStage run = run("q Q0 elsewhere 1 9 t\n", 2);
        assertThatThrownBy(() -> run.retrieve(collection(null), 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("mine.run: document 'elsewhere' is not in c");
    }

    private FirstStage run(String text, int depth) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.run"), text);
        return new FirstStage("run:" + file, depth, false);
    }

    private static TestCollection collection(@Nullable List<String> candidates) {
        Map<String, Document> documents = new LinkedHashMap<>();
        OWN.forEach(id -> documents.put(id, new Document(id, "", "text of " + id)));
        Query query = new Query("q", "text", Set.of("d1"), candidates);
        return new TestCollection("c", Map.of("q", query), documents, new Qrels(Map.of("q", Map.of("d0", 1))));
    }
}

package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.RerankRequest.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrightReaderTest {

    @TempDir
    Path folder;

    /**
     * Set one: b1's best match is excluded, so its relevant document comes first (1); b2's comes second (1/log2(3)).
     * Set two: one query, whose relevant document shares no word with it (0).
     */
    @BeforeEach
    void write() throws IOException, SQLException {
        parquet(
                "examples",
                "biology-00000-of-00001",
                "SELECT * FROM (VALUES ('moth light', 'r', 'b1', ['p0'], ['p1'], ['L1']),"
                        + " ('eel', 'r', 'b2', ['N/A'], ['p3'], ['N/A']))"
                        + " t(query, reasoning, id, excluded_ids, gold_ids, gold_ids_long)");
        parquet(
                "documents",
                "biology-00000-of-00001",
                "SELECT * FROM (VALUES ('p0', 'moth light moth light'), ('p1', 'moth lamp light'),"
                        + " ('p2', 'eel eel'), ('p3', 'eel sea swim deep')) t(id, content)");
        parquet(
                "long_documents",
                "biology-00000-of-00001",
                "SELECT * FROM (VALUES ('L0', 'moth moth'), ('L1', 'moth light page')) t(id, content)");
        parquet(
                "examples",
                "pony",
                "SELECT 'print' AS query, 'r' AS reasoning, '0' AS id, ['N/A'] AS excluded_ids, ['a'] AS gold_ids,"
                        + " ['N/A'] AS gold_ids_long");
        parquet("documents", "pony", "SELECT * FROM (VALUES ('a', 'syntax'), ('b', 'print print')) t(id, content)");
        parquet(
                "gpt4_reason",
                "biology-00000-of-00001",
                "SELECT 'lamp' AS query, 'r' AS reasoning, 'b1' AS id, ['p0'] AS excluded_ids, ['p1'] AS gold_ids,"
                        + " ['L1'] AS gold_ids_long");
    }

    @Test
    void averagesOverSetsWithoutExcludedDocuments() throws InterruptedException {
        double biology = (1 + 1 / (Math.log(3) / Math.log(2))) / 2;
        String tables = evaluate(CollectionOptions.DEFAULT);
        assertThat(tables.replaceAll(" +", " "))
                .contains(String.format(
                        Locale.ROOT, "| first stage | %.4f | %.4f | %.4f |", (biology + 0) / 2, biology, 0.0));
    }

    @Test
    void readsLongDocumentsOfTheSetsThatHaveThem() throws InterruptedException {
        CollectionOptions longDocuments = new CollectionOptions(true, null, null);
        List<Collections.Source> sources = Collections.open(folder, longDocuments);
        assertThat(sources).extracting(Collections.Source::name).containsExactly("biology");
        TestCollection biology = sources.get(0).loader().get();
        assertThat(biology.documents()).containsOnlyKeys("L0", "L1");
        assertThat(biology.qrels().of("b1")).isEqualTo(Map.of("L1", 1));
        assertThat(biology.qrels().of("b2")).isEmpty();
        assertThat(evaluate(longDocuments)).contains("## biology");
    }

    @Test
    void readsRewrittenQueries() {
        TestCollection biology = Collections.open(folder, new CollectionOptions(false, "gpt4", null))
                .get(0)
                .loader()
                .get();
        assertThat(biology.queries()).containsOnlyKeys("b1");
        assertThat(biology.queries().values()).extracting(Query::text).containsExactly("lamp");
        assertThatThrownBy(() -> Collections.open(folder, new CollectionOptions(false, "none", null)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none_reason");
    }

    @Test
    void duplicateDocumentStopsWithFileAndRow() throws IOException, SQLException {
        parquet("documents", "pony", "SELECT * FROM (VALUES ('a', 'x'), ('a', 'y')) t(id, content)");
        assertThatThrownBy(() -> evaluate(CollectionOptions.DEFAULT))
                .hasMessageContaining("pony.parquet: row 2: document 'a' occurs twice");
    }

    @Test
    void fileThatIsNoParquetStops() throws IOException {
        Files.writeString(folder.resolve("documents/pony.parquet"), "no parquet");
        assertThatThrownBy(() -> evaluate(CollectionOptions.DEFAULT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("pony.parquet: cannot be read");
    }

    private String evaluate(CollectionOptions options) throws InterruptedException {
        EvaluationSettings settings = new EvaluationSettings(
                folder,
                options,
                new FirstStage("bm25", 100, false),
                List.of(Mode.FIRST_STAGE),
                Options.DEFAULT,
                0,
                1,
                0,
                null);
        return new Evaluation(null, settings, Progress.NONE).run();
    }

    private void parquet(String kind, String name, String select) throws IOException, SQLException {
        Path file = Files.createDirectories(folder.resolve(kind)).resolve(name + ".parquet");
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        }
    }
}

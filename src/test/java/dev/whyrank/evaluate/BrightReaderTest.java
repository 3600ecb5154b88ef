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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrightReaderTest {

    @TempDir
    Path folder;

    /**
     * Biology: b1's best match is excluded, so its relevant passage comes first (1); b2's comes second (1/log2(3)). Of
     * pages b1's comes first (1), and b2 has none (0). Economics: the relevant passage comes second, the page first.
     * Pony, without pages: one query, whose relevant document shares no word with it (0).
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
                "economics",
                "SELECT 'tax' AS query, 'r' AS reasoning, 'b1' AS id, ['N/A'] AS excluded_ids, ['t1'] AS gold_ids,"
                        + " ['T1'] AS gold_ids_long");
        parquet(
                "documents",
                "economics",
                "SELECT * FROM (VALUES ('t0', 'tax tax'), ('t1', 'tax rate law')) t(id, content)");
        parquet(
                "long_documents",
                "economics",
                "SELECT * FROM (VALUES ('T0', 'rain'), ('T1', 'page of tax')) t(id, content)");
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
        double second = 1 / (Math.log(3) / Math.log(2));
        double biology = (1 + second) / 2;
        assertThat(average(evaluate(CollectionOptions.DEFAULT)))
                .contains(header("biology", "economics", "pony"), row((biology + second + 0) / 3, biology, second, 0));
    }

    @Test
    void readsLongDocumentsOfTheSetsThatHaveThem() throws InterruptedException {
        CollectionOptions longDocuments = new CollectionOptions(true, null, null);
        List<Collections.Source> sources = Collections.open(folder, longDocuments);
        assertThat(sources).extracting(Collections.Source::name).containsExactly("biology", "economics");
        TestCollection biology = sources.get(0).loader().get();
        assertThat(biology.documents()).containsOnlyKeys("L0", "L1");
        assertThat(biology.qrels().of("b1")).isEqualTo(Map.of("L1", 1));
        assertThat(biology.qrels().of("b2")).isEmpty();
        assertThat(average(evaluate(longDocuments)))
                .contains(header("biology", "economics"), row((0.5 + 1) / 2, 0.5, 1));
    }

    private static String average(String tables) {
        return tables.substring(tables.indexOf("# Average over sets")).replaceAll(" +", " ");
    }

    private static String header(String... sets) {
        return "| nDCG@10 | average | " + String.join(" | ", sets) + " |";
    }

    private static String row(double... values) {
        return Arrays.stream(values)
                .mapToObj(value -> String.format(Locale.ROOT, "%.4f |", value))
                .collect(Collectors.joining(" ", "| first stage | ", ""));
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
        return new Evaluation(null, "none", settings, Progress.NONE).run().tables();
    }

    private void parquet(String kind, String name, String select) throws IOException, SQLException {
        Path file = Files.createDirectories(folder.resolve(kind)).resolve(name + ".parquet");
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        }
    }
}

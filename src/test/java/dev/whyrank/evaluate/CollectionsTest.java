package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionsTest {

    @TempDir
    Path folder;

    @Test
    void readsABeirFolder() throws IOException {
        beir("{\"_id\": \"d1\", \"title\": \"T\", \"text\": \"T and more\"}\n{\"_id\": 2, \"text\": \"two\"}\n");
        TestCollection collection = load();
        assertThat(collection.documents()).containsOnlyKeys("d1", "2");
        assertThat(collection.document("d1").judged()).isEqualTo("T and more");
        assertThat(collection.queries()).containsOnlyKeys("q1");
        assertThat(collection.qrels().of("q1")).isEqualTo(Map.of("d1", 2, "gone", 1));
    }

    @Test
    void duplicateDocumentStopsWithFileAndLine() throws IOException {
        beir("{\"_id\": \"d1\", \"text\": \"a\"}\n{\"_id\": \"d1\", \"text\": \"b\"}\n");
        assertThatThrownBy(this::load)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("corpus.jsonl: line 2: document 'd1' occurs twice");
    }

    @Test
    void missingCorpusStops() throws IOException {
        beir("");
        Files.delete(folder.resolve("corpus.jsonl"));
        assertThatThrownBy(this::load).hasMessageContaining("corpus.jsonl: is missing");
    }

    @Test
    void invalidUtf8StopsWithFileAndLine() throws IOException {
        beir("{\"_id\": \"d1\", \"text\": \"a\"}\n");
        byte[] latin = "{\"_id\": \"d2\", \"text\": \"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("corpus.jsonl"), latin);
        assertThatThrownBy(this::load).hasMessageContaining("corpus.jsonl: line 1: is not UTF-8");
    }

    @Test
    void brokenJsonAndWrongTypesStopWithFileAndLine() throws IOException {
        beir("{\"_id\": \"d1\"\n");
        assertThatThrownBy(this::load).hasMessageContaining("corpus.jsonl: line 1: is not readable as JSON");
        beir("{\"_id\": \"d1\", \"text\": 5}\n");
        assertThatThrownBy(this::load).hasMessageContaining("line 1: text must be a string");
    }

    @Test
    void judgedQueryThatIsUnknownStops() throws IOException {
        beir("{\"_id\": \"d1\", \"text\": \"a\"}\n");
        Files.writeString(folder.resolve("qrels/test.tsv"), "query-id\tcorpus-id\tscore\nq7\td1\t1\n");
        assertThatThrownBy(this::load).hasMessageContaining("test.tsv: line 2: judges query 'q7'");
    }

    @Test
    void blankQueryStops() throws IOException {
        beir("{\"_id\": \"d1\", \"text\": \"a\"}\n");
        Files.writeString(folder.resolve("queries.jsonl"), "{\"_id\": \"q1\", \"text\": \" \"}\n");
        assertThatThrownBy(this::load).hasMessageContaining("queries.jsonl: line 1: query 'q1' is blank");
    }

    @Test
    void folderOfSomethingElseSaysWhatIsExpected() {
        assertThatThrownBy(this::load).isInstanceOf(InvalidInputException.class).hasMessageContaining("BEIR folder");
    }

    @Test
    void readsBothFormsOfDistillationRecordsAndLeavesOutUnlabelledFiles() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), """
                {"site":"beer","question":{"id":"1","title":"Why","body":"foam?"},"documents":[\
                {"id":"7","text":"gas","label":2,"explanation":"e"},{"id":"8","text":"none"}]}
                {"question":"plain","links":[{"text":"x","label":1}],"other_document":{"text":"y","label":0}}
                """);
        Files.writeString(folder.resolve("b.jsonl"), """
                {"site":"beer","question":{"id":"1","title":"Why","body":"foam?"},"documents":[{"id":"7","text":"gas"}]}
                """);
        List<Collections.Source> sources = Collections.open(folder, CollectionOptions.DEFAULT);
        assertThat(sources).extracting(Collections.Source::name).containsExactly("a");
        TestCollection collection = sources.get(0).loader().get();
        assertThat(collection.queries().get("beer/1"))
                .isEqualTo(new Query("beer/1", "Why foam?", Set.of(), List.of("beer/7", "beer/8")));
        assertThat(collection.qrels().of("beer/1")).isEqualTo(Map.of("beer/7", 2));
        assertThat(collection.qrels().of("q2")).isEqualTo(Map.of("q2-1", 1, "q2-2", 0));
    }

    @Test
    void sampleIsDrawnBySeedAndKeepsTheOrder() throws IOException {
        StringBuilder queries = new StringBuilder();
        StringBuilder qrels = new StringBuilder("query-id\tcorpus-id\tscore\n");
        for (int i = 0; i < 50; i++) {
            queries.append("{\"_id\": \"q").append(i).append("\", \"text\": \"t\"}\n");
            qrels.append("q").append(i).append("\td1\t1\n");
        }
        beir("{\"_id\": \"d1\", \"text\": \"a\"}\n");
        Files.writeString(folder.resolve("queries.jsonl"), queries);
        Files.writeString(folder.resolve("qrels/test.tsv"), qrels);
        TestCollection all = load();
        List<String> drawn = List.copyOf(all.sample(10, 1).queries().keySet());
        assertThat(drawn)
                .hasSize(10)
                .isEqualTo(List.copyOf(all.sample(10, 1).queries().keySet()));
        assertThat(drawn).isNotEqualTo(List.copyOf(all.sample(10, 2).queries().keySet()));
        assertThat(drawn).isSortedAccordingTo(Comparator.comparing(id -> Integer.valueOf(id.substring(1))));
        assertThat(all.sample(10, 1).qrels().queryIds()).containsExactlyElementsOf(drawn);
    }

    private TestCollection load() {
        return Collections.open(folder, CollectionOptions.DEFAULT)
                .get(0)
                .loader()
                .get();
    }

    private void beir(String corpus) throws IOException {
        Files.writeString(folder.resolve("corpus.jsonl"), corpus);
        Files.writeString(
                folder.resolve("queries.jsonl"),
                "{\"_id\": \"q1\", \"text\": \"what\"}\n{\"_id\": \"q2\", \"text\": \"train\"}\n");
        Files.createDirectories(folder.resolve("qrels"));
        Files.writeString(folder.resolve("qrels/test.tsv"), "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\tgone\t1\n");
    }
}

package dev.whyrank.train.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRecordTest {

    @TempDir
    private Path folder;

    private List<TrainingRecord> read(String... lines) throws IOException {
        return TrainingRecord.read(Files.write(folder.resolve("records.jsonl"), List.of(lines)));
    }

    @Test
    void readsTheCanonicalForm() throws IOException {
        List<TrainingRecord> records = read(
                "{\"site\":\"s\",\"question\":{\"id\":\"1\",\"title\":\"A\",\"body\":\"b\"},\"generated_queries\":[\"q\"],"
                        + "\"documents\":[{\"id\":\"2\",\"text\":\"t\",\"label\":2,\"explanation\":\"because\"}]}");
        assertThat(records)
                .containsExactly(new TrainingRecord("A b", List.of("q"), List.of(new Judged("t", 2, "because"))));
    }

    @Test
    void readsTheOriginalForm() throws IOException {
        List<TrainingRecord> records = read("{\"question\":\"A\",\"generated_queries\":[],"
                + "\"links\":[{\"text\":\"t\",\"label\":1,\"explanation\":\"x\"}],"
                + "\"other_document\":{\"text\":\"u\",\"label\":0,\"explanation\":\"y\"}}");
        assertThat(records.get(0).documents()).containsExactly(new Judged("t", 1, "x"), new Judged("u", 0, "y"));
    }

    /** The original's supervised data lacks the label it is to teach; here a document without one teaches nothing. */
    @Test
    void aDocumentWithoutLabelIsNoExample() throws IOException {
        List<TrainingRecord> records = read("{\"question\":\"A\",\"documents\":[{\"text\":\"t\",\"explanation\":\"x\"},"
                + "{\"text\":\"u\",\"label\":0,\"explanation\":\"y\"}]}");
        assertThat(records.get(0).documents()).containsExactly(new Judged("u", 0, "y"));
    }

    @Test
    void namesFileLineAndField() {
        assertThatThrownBy(() -> read(
                        "{\"question\":\"A\",\"documents\":[]}",
                        "{\"question\":\"A\",\"documents\":[{\"text\":\"t\",\"label\":3}]}"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("records.jsonl, line 2")
                .hasMessageContaining("label is 3");
        assertThatThrownBy(() -> read("{\"documents\":[]}")).hasMessageContaining("question is missing");
        assertThatThrownBy(() -> read("{")).hasMessageContaining("line 1 is not JSON");
        assertThatThrownBy(() -> read("")).hasMessageContaining("no records");
    }
}

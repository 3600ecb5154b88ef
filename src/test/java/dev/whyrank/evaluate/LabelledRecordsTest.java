package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledRecordsTest {

    private record Read(String question, List<String> documents, List<Integer> labels) {}

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("records.jsonl"), text);
    }

    @Test
    void readsTitleBodyTextsAndLabels() throws IOException {
        assertThat(LabelledRecords.read(file("""
                        {"question": {"title": "Why", "body": "so?"}, "documents": [{"text": "a", "label": 2}]}

                        {"question": {"title": "Why"}, "documents": [{"text": "b", "label": 0}]}
                        {"question": "Plain", "links": [{"text": "c", "label": 1}]}
                        """), Read::new))
                .containsExactly(
                        new Read("Why so?", List.of("a"), List.of(2)),
                        new Read("Why", List.of("b"), List.of(0)),
                        new Read("Plain", List.of("c"), List.of(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"question\"",
                "{}",
                "{\"question\": {\"title\": \"Why\"}, \"documents\": []}",
                "{\"question\": {\"title\": \"Why\"}, \"documents\": [{\"text\": \"a\"}]}",
                "{\"question\": {\"title\": \"Why\"}, \"documents\": [{\"text\": \"a\", \"label\": 3}]}",
                "{\"question\": {\"title\": \"Why\"}, \"documents\": [{\"text\": \" \", \"label\": 1}]}"
            })
    void saysWhereARecordIsWrong(String line) throws IOException {
        Path file = file(line + "\n");
        assertThatThrownBy(() -> LabelledRecords.read(file, Read::new))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("records.jsonl: line 1: ");
    }

    @Test
    void refusesAFileWithoutRecords() throws IOException {
        Path file = file("\n");
        assertThatThrownBy(() -> LabelledRecords.read(file, Read::new)).isInstanceOf(InvalidInputException.class);
    }
}

package dev.whyrank.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledQuestionTest {

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("records.jsonl"), text);
    }

    @Test
    void readsTitleBodyTextsAndLabels() throws IOException {
        assertThat(LabelledQuestion.read(file("""
                        {"question": {"title": "Why", "body": "so?"}, "documents": [{"text": "a", "label": 2}]}

                        {"question": {"title": "Why"}, "documents": [{"text": "b", "label": 0}]}
                        """)))
                .extracting(LabelledQuestion::text)
                .containsExactly("Why so?", "Why");
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
        assertThatThrownBy(() -> LabelledQuestion.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("records.jsonl, line 1");
    }

    @Test
    void refusesAFileWithoutRecords() throws IOException {
        Path file = file("\n");
        assertThatThrownBy(() -> LabelledQuestion.read(file)).isInstanceOf(InvalidInputException.class);
    }
}

package dev.whyrank.train.paid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaidAnswersTest {

    @TempDir
    private Path folder;

    private Path journal = Path.of("");

    @BeforeEach
    void write() {
        journal = folder.resolve("answers.jsonl");
        try (PaidAnswers paid = PaidAnswers.open(journal)) {
            paid.add(answer("first", "It rains."));
            paid.add(answer("second", "Es regnet: für 3 €"));
        }
    }

    private static Paid answer(String key, String text) {
        return new Paid(key, text, "stop", "", ChatUsage.NONE);
    }

    @Test
    void aLastLineThatWasCutInsideACharacterIsDropped() throws IOException {
        byte[] whole = Files.readAllBytes(journal);
        int euro = new String(whole, StandardCharsets.ISO_8859_1).indexOf('\u00e2');
        Files.write(journal, Arrays.copyOf(whole, euro + 2));
        try (PaidAnswers paid = PaidAnswers.open(journal)) {
            assertThat(paid.find("first")).isEqualTo(answer("first", "It rains."));
            assertThat(paid.find("second")).isNull();
            paid.add(answer("second", "Es regnet: für 3 €"));
        }
        assertThat(Files.readAllBytes(journal)).isEqualTo(whole);
    }

    /** A journal that is not written at the start cannot be lost there. */
    @Test
    void aWholeJournalIsOpenedWithoutWriting() throws IOException {
        Files.writeString(journal, Files.readString(journal).replace("\n", " \n"));
        byte[] before = Files.readAllBytes(journal);
        try (PaidAnswers paid = PaidAnswers.open(journal)) {
            assertThat(paid.find("second")).isNotNull();
        }
        assertThat(Files.readAllBytes(journal)).isEqualTo(before);
    }

    @Test
    void aDamagedLineIsNamedAndTheFileStaysAsItIs() throws IOException {
        String damaged = Files.readString(journal).replace("\"key\":\"second\"", "\"key\"") + "{\"cut";
        Files.writeString(journal, damaged);
        assertThatThrownBy(() -> PaidAnswers.open(journal))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("answers.jsonl, line 2: is damaged");
        assertThat(Files.readString(journal)).isEqualTo(damaged);
    }
}

package dev.whyrank.train.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.train.laboratory.LaboratoryModel;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleMakerTest {

    private static final TrainingRecord RECORD = new TrainingRecord(
            "Does it rain?",
            List.of("rain today", "weather \"now\""),
            List.of(new Judged("It pours.", 2, "It says so.")));

    @TempDir
    private Path folder;

    private Checkpoint checkpoint;

    @BeforeEach
    void open() throws IOException {
        LaboratoryModel.write(folder, 1);
        checkpoint = Checkpoint.open(folder);
    }

    @AfterEach
    void close() {
        checkpoint.close();
    }

    private Example only(Task task, int room) {
        List<Example> examples = new ExampleMaker(checkpoint, room).of(List.of(RECORD), Set.of(task));
        assertThat(examples).hasSize(1);
        return examples.get(0);
    }

    private String text(int... tokens) {
        return checkpoint.tokenizer().decode(tokens);
    }

    @Test
    void asksAndAnswersInTheServedWords() {
        Example example = only(Task.EXPLAIN, 400);
        assertThat(text(example.prompt()))
                .startsWith("Explain whether the following document is relevant or not")
                .endsWith("Question: Does it rain?\nDocument: It pours.");
        assertThat(text(example.answer())).isEqualTo("It says so.\n\nRelevance Label: 2 ##");
        assertThat(text(example.answer()[example.labelAt()]).strip()).isEqualTo("2");
    }

    @Test
    void aLabelAloneIsPreparedAsServed() {
        Example example = only(Task.LABEL, 400);
        assertThat(text(example.prompt())).startsWith("Rate the relevance");
        assertThat(text(example.answer())).isEqualTo("Relevance Label: 2 ##");
    }

    /** The original joins the characters of its queries; these are lines. */
    @Test
    void queriesAreOneToALine() {
        Example example = only(Task.QUERIES, 1000);
        assertThat(text(example.answer())).isEqualTo("1. rain today\n2. weather \"now\" ##");
        assertThat(example.labelAt()).isEqualTo(-1);
    }

    @Test
    void cutsTheDocumentAndNeverTheAnswer() {
        String words = "It pours and pours. ".repeat(200);
        TrainingRecord record =
                new TrainingRecord("Does it rain?", List.of(), List.of(new Judged(words, 1, "It says so.")));
        Example example = new ExampleMaker(checkpoint, 128)
                .of(List.of(record), Set.of(Task.EXPLAIN))
                .get(0);
        assertThat(example.length()).isEqualTo(128);
        assertThat(text(example.answer())).endsWith("Relevance Label: 1 ##");
    }

    @Test
    void saysWhatIsMissing() {
        TrainingRecord unexplained =
                new TrainingRecord("Does it rain?", List.of(), List.of(new Judged("It pours.", 2, "")));
        ExampleMaker maker = new ExampleMaker(checkpoint, 400);
        assertThatThrownBy(() -> maker.of(List.of(unexplained), Set.of(Task.EXPLAIN)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no explanation");
        assertThatThrownBy(() -> maker.of(List.of(unexplained), Set.of(Task.QUERIES)))
                .hasMessageContaining("nothing to learn");
        assertThatThrownBy(() -> new ExampleMaker(checkpoint, 40).of(List.of(RECORD), Set.of(Task.EXPLAIN)))
                .hasMessageContaining("--max-length");
    }
}

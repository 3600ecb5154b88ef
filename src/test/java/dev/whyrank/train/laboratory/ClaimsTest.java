package dev.whyrank.train.laboratory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Claims on answers that are made up: one model is always right, refined ones are in half of the questions. */
class ClaimsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int QUESTIONS = 4;

    @TempDir
    private Path laboratory;

    @BeforeEach
    void write() throws IOException {
        for (ExamPaper paper : ExamPaper.values()) {
            List<String> records = IntStream.range(0, QUESTIONS)
                    .mapToObj(World.of(5, 3, 4)::record)
                    .toList();
            Files.write(paper.records(laboratory), records);
            for (Arm arm : Arm.values()) {
                Path folder = Files.createDirectories(paper.answers(laboratory, arm));
                writeAnswers(folder, arm, records);
            }
        }
        Files.writeString(laboratory.resolve("explain.millis"), "60000\n");
        Files.writeString(laboratory.resolve("label.millis"), "59000\n");
    }

    private static void writeAnswers(Path folder, Arm arm, List<String> records) throws IOException {
        List<String> journal = new ArrayList<>(List.of("{}"));
        List<String> values = new ArrayList<>(List.of("query\tsystem\tmeasure\tvalue"));
        for (int i = 0; i < records.size(); i++) {
            JsonNode record = JSON.readTree(records.get(i));
            boolean right = arm == Arm.EXPLAIN || (arm == Arm.REFINED && i % 2 == 0);
            String id = "laboratory/" + record.path("question").path("id").asString();
            ObjectNode outcome = JSON.createObjectNode().put("queryId", id);
            ArrayNode documents = outcome.putArray("documents");
            for (JsonNode document : record.path("documents")) {
                int label = document.path("label").asInt();
                documents
                        .addObject()
                        .put("id", "laboratory/" + document.path("id").asString())
                        .putObject("judgement")
                        .put("label", right ? label : (label + 1) % 3)
                        .put("explanation", document.path("explanation").asString());
            }
            journal.add(JSON.writeValueAsString(outcome));
            values.add(id + "\tfirst stage\tnDCG@10\t0.1");
            values.add(id + "\texplain, hard label\tnDCG@10\t0.8");
            values.add(id + "\texplain, expected label\tnDCG@10\t0.9");
            values.add(id + "\texplain, expected label\tnDCG@5\t0.2");
        }
        Files.write(folder.resolve("journal.jsonl"), journal);
        Files.write(folder.resolve("per-query.tsv"), values);
    }

    @Test
    void countsWhatIsRight() {
        Claims claims = new Claims(List.of(laboratory, laboratory));
        assertThat(claims.pairs()).isEqualTo(2 * 6 * QUESTIONS);
        assertThat(claims.labels(Arm.EXPLAIN, ExamPaper.TEST)).isEqualTo(new Interval(1, 1, 1));
        assertThat(claims.labels(Arm.REFINED, ExamPaper.LONGER).mean()).isEqualTo(0.5);
        assertThat(claims.derivations(Arm.REFINED, ExamPaper.TEST).mean()).isEqualTo(0.5);
        assertThat(claims.difference(Arm.REFINED, Arm.CONTROL).mean()).isEqualTo(0.5);
        assertThat(claims.expectedGain(Arm.LABEL, ExamPaper.TEST).mean()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void saysWhichClaimsHoldAndWhichDoNot() {
        Claims claims = new Claims(List.of(laboratory));
        assertThat(claims.claims().stream().map(Claims.Claim::holds))
                .as("label only had less time, and half is too little for the refined one")
                .containsExactly(true, false, true, true, false, true);
        assertThat(new ClaimsReport(claims).markdown())
                .startsWith("One seed, 24 documents")
                .contains("| +1.000 [+1.000, +1.000], but in less time | **no** |", "| distilled, explains | 1.0 |");
    }

    @Test
    void anUnfinishedExamIsRefused() throws IOException {
        Path journal = ExamPaper.TEST.answers(laboratory, Arm.BLIND).resolve("journal.jsonl");
        Files.write(journal, Files.readAllLines(journal).subList(0, 2));
        assertThatThrownBy(() -> new Claims(List.of(laboratory)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not finished");
    }
}

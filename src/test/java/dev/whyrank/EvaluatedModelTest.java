package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.cli.RerankerFactory.Opened;
import dev.whyrank.evaluate.CollectionOptions;
import dev.whyrank.evaluate.Evaluation;
import dev.whyrank.evaluate.EvaluationSettings;
import dev.whyrank.evaluate.FirstStage;
import dev.whyrank.evaluate.Mode;
import dev.whyrank.evaluate.Progress;
import dev.whyrank.rerank.RerankRequest.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A language model, a small one that only tells stories, evaluated as a reranker through the real engine. */
class EvaluatedModelTest {

    private static final int QUERIES = 3;
    private static final int DOCUMENTS = 3;
    private static final int EXPLANATION_TOKENS = 12;
    private static final Options BRIEF =
            new Options(true, Integer.MAX_VALUE, EXPLANATION_TOKENS, Integer.MAX_VALUE, true, 0.7, null, null);

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        StringBuilder records = new StringBuilder();
        for (String topic : List.of("dog", "ball", "rain")) {
            records.append(String.format("""
                    {"site":"s","question":{"id":"%1$s","title":"Where is the %1$s?","body":""},"documents":[\
                    {"id":"%1$s1","text":"The %1$s is in the park.","label":2},\
                    {"id":"%1$s2","text":"A %1$s may be big.","label":1},\
                    {"id":"%1$s3","text":"Tim likes cake.","label":0}]}
                    """, topic));
        }
        Files.writeString(folder.resolve("tiny.jsonl"), records);
    }

    @Test
    void languageModelIsMeasuredExplainingAndLabellingOnlyAndTwiceTheSame() throws Exception {
        String tables = evaluate(folder.resolve("out"));
        assertThat(tables)
                .contains("| explain, hard label", "| explain, fused", "| label-only, expected label")
                .doesNotContain("failed");
        String report = Files.readString(folder.resolve("out/report.md"));
        String explaining = section(report, "## Answers: explain");
        String labelling = section(report, "## Answers: label-only");
        assertThat(explaining).contains("forced " + QUERIES * DOCUMENTS);
        assertThat(written(explaining)).isPositive();
        assertThat(written(labelling)).isLessThan(written(explaining));
        assertThat(section(report, "## Labels: explain")).contains("macro-F1", "calibration error");
        assertThat(section(report, "## Explanations").replaceAll(" +", " "))
                .contains("| count | " + QUERIES * DOCUMENTS + " |", "verdict agrees with label", "found verbatim");
        assertThat(evaluate(folder.resolve("again"))).isEqualTo(tables);
        assertThat(folder.resolve("again/per-query.tsv")).hasSameTextualContentAs(folder.resolve("out/per-query.tsv"));
        for (String run : List.of("run.trec", "run-label-only.trec")) {
            assertThat(order(folder.resolve("again").resolve(run)))
                    .hasSize(QUERIES * DOCUMENTS)
                    .isEqualTo(order(folder.resolve("out").resolve(run)));
        }
    }

    private String evaluate(Path out) throws InterruptedException {
        EvaluationSettings settings = new EvaluationSettings(
                folder.resolve("tiny.jsonl"),
                CollectionOptions.DEFAULT,
                new FirstStage("given", DOCUMENTS, false),
                List.of(Mode.EXPLAIN, Mode.LABEL_ONLY),
                BRIEF,
                0,
                2,
                1,
                out);
        try (Opened opened = new LocalRerankerFactory().open("src/test/resources/stories260k")) {
            return new Evaluation(opened.reranker(), opened.identity(), settings, Progress.NONE)
                    .run()
                    .tables();
        }
    }

    /** Without the scores, whose last digits depend on what else was in the batch. */
    private static List<String> order(Path run) throws IOException {
        return Files.readAllLines(run).stream()
                .map(line -> String.join(" ", List.of(line.split(" ", -1)).subList(0, 4)))
                .toList();
    }

    private static String section(String report, String heading) {
        int start = report.indexOf(heading + "\n");
        int end = report.indexOf("\n## ", start + 1);
        return report.substring(start, end < 0 ? report.length() : end);
    }

    private static double written(String answers) {
        String row = answers.lines()
                .filter(line -> line.startsWith("| tokens written"))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(row.split("\\|", -1)[2].strip());
    }
}

package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.Reranker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

    private static final int QUERIES = 12;
    private static final int SEED = 5;
    private static final List<String> WORDS = List.of("wing", "lift", "shock", "wave", "heat", "drag", "flow", "plate");
    private static final List<Mode> BOTH = List.of(Mode.EXPLAIN, Mode.LABEL_ONLY);

    @TempDir
    Path folder;

    private Path out = Path.of("");

    @BeforeEach
    void write() throws IOException {
        out = folder.resolve("out");
        Random random = new Random(SEED);
        StringBuilder corpus = new StringBuilder();
        for (int d = 0; d < 30; d++) {
            corpus.append("{\"_id\": \"d" + d + "\", \"text\": \"" + words(random, 6) + "\"}\n");
        }
        StringBuilder queries = new StringBuilder();
        StringBuilder qrels = new StringBuilder("query-id\tcorpus-id\tscore\n");
        for (int q = 0; q < QUERIES; q++) {
            queries.append("{\"_id\": \"q" + q + "\", \"text\": \"" + words(random, 3) + "\"}\n");
            for (int d = 0; d < 30; d += 1 + random.nextInt(4)) {
                qrels.append("q" + q + "\td" + d + "\t" + random.nextInt(3) + "\n");
            }
        }
        Path collection = Files.createDirectories(folder.resolve("tiny/qrels"))
                .resolve("..")
                .normalize();
        Files.writeString(collection.resolve("corpus.jsonl"), corpus);
        Files.writeString(collection.resolve("queries.jsonl"), queries);
        Files.writeString(collection.resolve("qrels/test.tsv"), qrels);
    }

    private static String words(Random random, int count) {
        return random.ints(count, 0, WORDS.size())
                .mapToObj(WORDS::get)
                .distinct()
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    @Test
    void writesRunsPerQueryValuesReportAndCharts() throws Exception {
        String tables = run("nothing", BOTH, 0);
        assertThat(tables)
                .contains("first stage", "explain, hard label", "explain, fused", "label-only, expected label");
        assertThat(Files.readString(out.resolve("report.md")))
                .contains(
                        "nDCG@25",
                        "MAP@50",
                        "recall@100",
                        "P@5",
                        "MRR",
                        "95% interval",
                        "macro-F1",
                        "calibration error")
                .contains("labels by source", "stated", "seconds a query, p95", "found verbatim")
                .containsPattern("prompt tokens a document, computed *\\| *20\\.00 ")
                .containsPattern("prompt tokens a document, shared *\\| *10\\.00 ");
        for (String run : List.of("run.trec", "run-label-only.trec", "first-stage.trec")) {
            assertThat(TrecFiles.readRun(out.resolve(run)).results()).hasSize(QUERIES);
        }
        List<String> perQuery = Files.readAllLines(out.resolve("per-query.tsv"));
        assertThat(perQuery).hasSize(1 + 7 * QUERIES * Measure.reported().size());
        for (String chart : List.of("measures.png", "per-query-difference.png", "reliability-explain.png")) {
            assertThat(ImageIO.read(out.resolve(chart).toFile()).getWidth()).isEqualTo(960);
        }
    }

    @Test
    void aMachineThatCannotDrawGoesOnWithoutCharts() throws Exception {
        List<Error> ofFonts = List.of(new InternalError("no fontconfig"), new NoClassDefFoundError("sun.awt.Fonts"));
        for (Error error : ofFonts) {
            ResultFiles.draw(folder.resolve("none.png"), file -> {
                throw error;
            });
        }
        assertThat(folder.resolve("none.png")).doesNotExist();
    }

    /** What the report says of a run is what the run's file gives when it is measured like anybody's. */
    @Test
    void reportAgreesWithItsOwnRunMeasuredFromTheFile() throws Exception {
        String tables = run("nothing", BOTH, 0);
        Qrels qrels = TrecFiles.readQrels(folder.resolve("tiny/qrels/test.tsv"));
        Run written = TrecFiles.readRun(out.resolve("run.trec"));
        String line = new TrecTable(written, qrels, List.of(Measure.MAIN), false)
                .lines(false)
                .get(4);
        String value = line.substring(line.lastIndexOf('\t') + 1);
        String row = tables.lines()
                .filter(candidate -> candidate.startsWith("| explain, fused"))
                .findFirst()
                .orElseThrow();
        assertThat(row).contains(" " + value + " |");
    }

    @Test
    void goesOnAfterAnInterruptionAndEndsWithTheSameNumbers() throws Exception {
        String whole = run("nothing", BOTH, 0);
        Path journal = out.resolve("journal.jsonl");
        List<String> lines = Files.readAllLines(journal);
        assertThat(lines).hasSize(1 + 2 * QUERIES);
        String cut =
                String.join("\n", lines.subList(0, 10)) + "\n" + lines.get(10).substring(0, 40);
        Files.writeString(journal, cut);
        try (FakeReranker reranker = new FakeReranker(100, "nothing")) {
            String resumed = new Evaluation(reranker, "as loaded", settings(BOTH, 0), Progress.NONE)
                    .run()
                    .tables();
            assertThat(reranker.asked).hasSize(2 * QUERIES - 9);
            assertThat(resumed).isEqualTo(whole);
        }
        assertThat(Files.readAllLines(journal)).hasSameSizeAs(lines);
    }

    @Test
    void journalOfAnotherEvaluationIsRefused() throws Exception {
        run("nothing", BOTH, 0);
        assertThatThrownBy(() -> run("nothing", BOTH, 5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("journal of another evaluation")
                .hasMessageContaining("queries was 12");
    }

    @Test
    void journalOfAModelThatWasTrainedAgainIsRefused() throws Exception {
        run("nothing", BOTH, 0);
        try (FakeReranker again = new FakeReranker(100, "nothing")) {
            Evaluation evaluation = new Evaluation(again, "as trained again", settings(BOTH, 0), Progress.NONE);
            assertThatThrownBy(evaluation::run)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("model identity was as loaded");
            assertThat(again.asked).isEmpty();
        }
    }

    @Test
    void journalOfOtherTextsIsRefusedThoughTheCandidatesAreTheSame() throws Exception {
        run("nothing", BOTH, 0);
        Path candidates = Files.move(out.resolve("first-stage.trec"), folder.resolve("mine.trec"));
        Files.delete(out.resolve("journal.jsonl"));
        FirstStage stage = new FirstStage("run:" + candidates, 100, false);
        run("nothing", settings(stage, BOTH, 0));
        for (String file : List.of("queries.jsonl", "corpus.jsonl")) {
            Path changed = folder.resolve("tiny").resolve(file);
            String before = Files.readString(changed);
            Files.writeString(changed, before.replace("wing", "rotor"));
            assertThatThrownBy(() -> run("nothing", settings(stage, BOTH, 0)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("(texts was ");
            Files.writeString(changed, before);
        }
    }

    @Test
    void damagedJournalStopsWithItsLine() throws Exception {
        run("nothing", BOTH, 0);
        Path journal = out.resolve("journal.jsonl");
        List<String> lines = Files.readAllLines(journal, StandardCharsets.UTF_8);
        Files.writeString(journal, lines.get(0) + "\n{}x\n" + lines.get(1) + "\n");
        assertThatThrownBy(() -> run("nothing", BOTH, 0)).hasMessageContaining("journal.jsonl: line 2: is damaged");
    }

    @Test
    void queryThatFailsKeepsTheOrderOfTheFirstStageAndIsCounted() throws Exception {
        String tables = run("", List.of(Mode.EXPLAIN), 0);
        List<String> rows = tables.lines().filter(line -> line.startsWith("| ")).toList();
        String first = rows.get(1).replaceFirst("\\| first stage *", "");
        assertThat(rows.get(4)).startsWith("| explain, fused").endsWith(first);
        assertThat(Files.readString(out.resolve("report.md"))).contains(QUERIES + " (" + QUERIES + ")");
    }

    @Test
    void queryThatFailedIsTriedAgainOnResuming() throws Exception {
        assertThat(run("", List.of(Mode.EXPLAIN), 0))
                .contains(QUERIES + " of " + QUERIES + " queries failed", "First failure: ENGINE_FAILURE: broken");
        assertThat(run("nothing", List.of(Mode.EXPLAIN), 0)).doesNotContain("failed");
    }

    /** On a clock that only the reranker (by 70 a query) and the tool (by 1 an outcome) move. */
    @Test
    void timeWithQueriesInTheRerankerIsToldApart() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (FakeReranker fake = new FakeReranker(100, "nothing")) {
            Reranker slow = new Reranker() {
                @Override
                public String model() {
                    return fake.model();
                }

                @Override
                public ExplanationKind explanationKind() {
                    return fake.explanationKind();
                }

                @Override
                public Handle rerank(RerankRequest request, Consumer<RerankEvent> listener) {
                    clock.addAndGet(70);
                    return fake.rerank(request, listener);
                }
            };
            QueryRunner runner = new QueryRunner(slow, Options.DEFAULT, 1, clock::get);
            TestCollection collection = Collections.open(folder.resolve("tiny"), CollectionOptions.DEFAULT)
                    .get(0)
                    .loader()
                    .get();
            List<FirstStage.Retrieved> found = List.of(new FirstStage.Retrieved("d0", 1.0));
            List<QueryTask> tasks = Stream.of("q0", "q1", "q2")
                    .map(id -> new QueryTask(new Query(id, "wing"), Mode.EXPLAIN, found))
                    .toList();
            List<Double> seconds = new ArrayList<>();
            runner.run(collection, tasks, outcome -> {
                clock.incrementAndGet();
                seconds.add(outcome.seconds());
            });
            assertThat(runner.busy()).isEqualTo(Duration.ofNanos(3 * 70));
            assertThat(clock).hasValue(3 * 71);
            assertThat(seconds).containsOnly(70 / 1e9);
        }
    }

    @Test
    void reportEndsWithTheToolsOwnShareOfTheTime() throws Exception {
        run("nothing", BOTH, 0);
        assertThat(Files.readString(out.resolve("report.md")))
                .containsPattern(
                        "This run took \\d+\\.\\d s, \\d+\\.\\d s \\(\\d+\\.\\d%\\) of it without any query in the");
        assertThat(MarkdownReport.time(Duration.ofSeconds(100), Duration.ofSeconds(96)))
                .contains("4.0 s (4.0%)");
    }

    @Test
    void waitsForRoomWhereTheRerankerIsFull() throws Exception {
        try (FakeReranker reranker = new FakeReranker(1, "nothing")) {
            new Evaluation(reranker, "as loaded", settings(BOTH, 0), Progress.NONE).run();
            assertThat(reranker.asked).hasSize(2 * QUERIES).doesNotHaveDuplicates();
        }
    }

    @Test
    void modesMayBeAddedToAnEvaluationThatIsThere() throws Exception {
        run("nothing", List.of(Mode.LABEL_ONLY), 0);
        try (FakeReranker reranker = new FakeReranker(100, "nothing")) {
            new Evaluation(reranker, "as loaded", settings(BOTH, 0), Progress.NONE).run();
            assertThat(reranker.asked).hasSize(QUERIES).allMatch(id -> id.endsWith("/explain"));
        }
    }

    @Test
    void firstStageMayBeARunFile() throws Exception {
        run("nothing", BOTH, 0);
        Path firstStage = Files.move(out.resolve("first-stage.trec"), folder.resolve("mine.trec"));
        Files.delete(out.resolve("journal.jsonl"));
        EvaluationSettings settings =
                settings(new FirstStage("run:" + firstStage, 100, false), List.of(Mode.FIRST_STAGE), 0);
        new Evaluation(null, "none", settings, Progress.NONE).run();
        assertThat(out.resolve("first-stage.trec")).hasSameTextualContentAs(firstStage);
    }

    private String run(String failing, List<Mode> modes, int queries) throws InterruptedException {
        return run(failing, settings(modes, queries));
    }

    private static String run(String failing, EvaluationSettings settings) throws InterruptedException {
        try (FakeReranker reranker = new FakeReranker(100, failing)) {
            return new Evaluation(reranker, "as loaded", settings, Progress.NONE)
                    .run()
                    .tables();
        }
    }

    private EvaluationSettings settings(List<Mode> modes, int queries) {
        return settings(new FirstStage("bm25", 20, false), modes, queries);
    }

    private EvaluationSettings settings(FirstStage stage, List<Mode> modes, int queries) {
        return new EvaluationSettings(
                folder.resolve("tiny"),
                CollectionOptions.DEFAULT,
                stage,
                modes,
                Options.DEFAULT,
                queries,
                4,
                SEED,
                out);
    }
}

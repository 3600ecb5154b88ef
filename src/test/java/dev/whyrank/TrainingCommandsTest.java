package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.cli.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that make models, on the laboratory's. */
class TrainingCommandsTest {

    @TempDir
    private static Path folder;

    private static Path lab;
    private static Outcome smoke;

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... args) {
        Commands commands = new Commands();
        int status = commands.run(new LocalRerankerFactory(), args);
        return new Outcome(status, commands.out.toString(), commands.err.toString());
    }

    @BeforeAll
    static void runTheLaboratoryBriefly() {
        lab = folder.resolve("lab");
        smoke = run("lab", "--smoke", "--out", lab.toString(), "--seed", "3", "--threads", "1");
    }

    private static Outcome distill(Path out, String... more) {
        List<String> args = new ArrayList<>(
                List.of("distill", "--base", lab.resolve("start").toString()));
        args.addAll(List.of("--data", lab.resolve("test.jsonl").toString(), "--out", out.toString()));
        args.addAll(List.of("--max-length", "256", "--threads", "1", "--batch", "3", "--accumulation", "2"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    @Test
    void theLaboratoryRunsFromWarmUpToReport() throws IOException {
        assertThat(smoke.err()).isEmpty();
        assertThat(smoke.status()).isZero();
        assertThat(smoke.out()).contains("One seed, 6 documents", "| distilled, explains |", "| the same, refined |");
        assertThat(lab.resolve("report.md")).isNotEmptyFile();
        Outcome again = run("lab", "--smoke", "--out", lab.toString(), "--seed", "3", "--threads", "1");
        assertThat(again.status()).isZero();
        assertThat(again.out()).contains(Files.readString(lab.resolve("report.md")));
    }

    @Test
    void theLaboratoryMixesNeitherScalesNorSeeds() {
        assertOneLine(
                run("lab", "--out", lab.toString(), "--seed", "3"), "lab.json", "scale was smoke", "another --out");
        assertOneLine(run("lab", "--smoke", "--out", lab.toString(), "--seed", "4"), "lab.json", "seed was 3 and is 4");
    }

    @Test
    void runsOfTheLaboratoryAreSummedUpAndDrawn() {
        Path chart = folder.resolve("claims.png");
        Outcome both = run("claims", lab.toString(), lab.toString(), "--chart", chart.toString());
        assertThat(both.status()).as(both.err()).isZero();
        assertThat(both.out()).contains("2 seeds, 12 documents", "| claim | asked |");
        assertThat(chart).isNotEmptyFile();
        assertOneLine(run("claims", folder.toString()), "journal.jsonl", "run whyrank lab");
    }

    @Test
    void distillsAnAdapterThatIsServed() {
        Path out = folder.resolve("adapter");
        Outcome outcome = distill(
                out,
                "--tasks",
                "explain,label",
                "--dev",
                lab.resolve("longer.jsonl").toString());
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("2 steps", "tokens/s", "behind the teacher's explanation", "written to");
        try (Checkpoint merged = Checkpoint.open(lab.resolve("start"), CheckpointOptions.DEFAULT.withAdapter(out))) {
            assertThat(merged.parameters()).isGreaterThan(900_000);
        }
    }

    @Test
    void distillsAWholeModelFromScratch() {
        Path out = folder.resolve("whole");
        Outcome outcome = distill(out, "--tasks", "label", "--full", "--from-scratch");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        try (Checkpoint model = Checkpoint.open(out)) {
            assertThat(model.dtype()).isEqualTo("F32");
        }
    }

    @Test
    void refinesInRounds() {
        Path out = folder.resolve("refined");
        Outcome outcome = run(
                "refine",
                "--model",
                lab.resolve("start").toString(),
                "--data",
                lab.resolve("test.jsonl").toString(),
                "--out",
                out.toString(),
                "--rounds",
                "2",
                "--samples",
                "2",
                "--max-new-tokens",
                "60",
                "--max-length",
                "256",
                "--threads",
                "1");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("round 1: 12 answers to 6 pairs", "round 2: 12 answers");
        assertThat(out.resolve("round-2/adapter_model.safetensors")).isNotEmptyFile();
        assertThat(out.resolve("round-1/preferences.jsonl")).isNotEmptyFile();
    }

    @Test
    void mistakesAreOneLine() {
        assertOneLine(distill(folder.resolve("x"), "--tasks", "sing"), "--tasks 'sing'");
        assertOneLine(distill(folder.resolve("x"), "--from-scratch"), "add --full");
        assertOneLine(distill(folder.resolve("x"), "--lora-targets", "head"), "--lora-targets", "q_proj");
        assertOneLine(distill(folder.resolve("x"), "--epochs", "0"), "--epochs is 0");
        assertOneLine(run("refine", "--model", "m", "--data", "nowhere.jsonl", "--out", "o"), "nowhere.jsonl");
    }

    private static void assertOneLine(Outcome outcome, String... parts) {
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().strip().lines()).hasSize(1);
        assertThat(outcome.err()).contains(parts);
    }
}

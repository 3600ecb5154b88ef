package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.checkpoint.TinyCheckpoint;
import dev.whyrank.model.DecoderConfig.Family;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class SimulateCommandTest {

    private static String[] words(String line) {
        return line.split(" ");
    }

    private static String output(String line) {
        Commands commands = new Commands();
        assertThat(commands.run(Map.of(), words(line)))
                .as(commands.err.toString())
                .isZero();
        return commands.out.toString();
    }

    private static String complaint(String line) {
        Commands commands = new Commands();
        assertThat(commands.run(Map.of(), words(line))).isEqualTo(2);
        assertThat(commands.err.toString().strip().lines()).hasSize(1);
        return commands.err.toString();
    }

    @Test
    void hasARowForEachNumberOfWorkersAndAChart(@TempDir Path folder) throws Exception {
        Path chart = folder.resolve("chart.png");
        List<String> lines = output("simulate --rate-per-worker 3 --requests 100 --workers 1,2,4 --chart " + chart)
                .lines()
                .toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(2)).startsWith("| 1 | 65 |");
        assertThat(lines.get(4)).startsWith("| 4 | 65 |");
        assertThat(Files.readAllBytes(chart)).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void aJsonLineHasTheFigures() {
        JsonNode line =
                new ObjectMapper().readTree(output("simulate --arrivals closed:4 --requests 40 --in-process --json"));
        assertThat(line.get("finished").asInt()).isEqualTo(40 * 20);
        assertThat(line.get("latency").get("p95").asDouble()).isPositive();
        assertThat(line.get("documents_per_second").asDouble()).isPositive();
    }

    @Test
    void findsTheFewestWorkers() {
        assertThat(output("simulate --rate 12 --requests 400 --target-p95 2.5"))
                .containsPattern("Fewest workers for a p95 of 2.5 s: [2-9]");
    }

    @Test
    void mistakesAreOneLine() {
        assertThat(complaint("simulate")).contains("--rate");
        assertThat(complaint("simulate --rate 1 --docs many")).contains("--docs", "many", "10..30");
        assertThat(complaint("simulate --rate 1 --fail third")).contains("--fail", "0.33@600");
        assertThat(complaint("simulate --rate 1 --arrivals rarely")).contains("rarely", "poisson");
        assertThat(complaint("simulate --rate 1 --machine gone.json")).contains("gone.json", "h100-3b");
        assertThat(complaint("simulate --rate 1 --workers 0")).contains("worker");
        assertThat(complaint("simulate --rate 99 --requests 500 --target-p95 0.1 --most-workers 2"))
                .contains("even 2 workers");
    }

    @Test
    void whatBenchFitWritesIsAMachine(@TempDir Path folder) {
        TinyCheckpoint.write(folder, Family.LLAMA, false, 3);
        Path machine = folder.resolve("machine.json");
        JsonNode fit = new ObjectMapper()
                .readTree(output("bench --model " + folder + " --prefix 20 --doc 30 --gen 14 --slots 9"
                        + " --rounds 2 --vocab 100 --threads 1 --fit " + machine));
        assertThat(fit.get("steps").asInt()).isGreaterThan(20);
        assertThat(fit.get("median_relative_error").asDouble()).isPositive();
        assertThat(output(
                        "simulate --arrivals closed:2 --requests 10 --docs 4 --in-process --json --machine " + machine))
                .contains("\"finished\":40");
    }
}

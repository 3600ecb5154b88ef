package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.checkpoint.TinyCheckpoint;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.Stories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class GenerateAndBenchTest {

    private static final String STORIES = "src/test/resources/stories260k";

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... args) {
        Commands commands = new Commands();
        int status = commands.run(Map.of(), args);
        return new Outcome(status, commands.out.toString(), commands.err.toString());
    }

    private static void assertOneLine(Outcome outcome, String... parts) {
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().strip().lines()).hasSize(1);
        assertThat(outcome.err()).contains(parts);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void generatesTheKnownIdsOfARealModelFromTheBareStartToken() {
        Outcome outcome = run(
                "generate",
                "--model",
                STORIES,
                "--prompt",
                "",
                "--raw",
                "--ids",
                "--max-tokens",
                "200",
                "--threads",
                "1");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out().strip()).isEqualTo(Arrays.toString(Stories.expectedTokens()));
    }

    @Test
    void generatesItsTextAsWell() {
        Outcome outcome =
                run("generate", "--model", STORIES, "--prompt", "", "--raw", "--max-tokens", "200", "--threads", "1");
        assertThat(outcome.out().strip()).isEqualTo(Stories.expectedText().strip());
    }

    @Test
    void repeatsASampleWithItsSeed() {
        String[] args = {
            "generate",
            "--model",
            STORIES,
            "--prompt",
            "Lily",
            "--temperature",
            "1",
            "--seed",
            "5",
            "--max-tokens",
            "20"
        };
        assertThat(run(args).out()).isEqualTo(run(args).out()).isNotBlank();
        args[8] = "6";
        assertThat(run(args).out())
                .isNotEqualTo(run("generate", "--model", STORIES, "--prompt", "Lily", "--max-tokens", "20")
                        .out());
    }

    @Test
    void benchPrintsOneLineOfFigures(@TempDir Path folder) {
        TinyCheckpoint.write(folder, Family.LLAMA, false, 3);
        Outcome outcome = run(
                "bench",
                "--model",
                folder.toString(),
                "--docs",
                "3",
                "--prefix",
                "20",
                "--doc",
                "9",
                "--gen",
                "5",
                "--rounds",
                "1",
                "--vocab",
                "100",
                "--threads",
                "1");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().strip().lines()).hasSize(1);
        JsonNode report = new ObjectMapper().readTree(outcome.out());
        assertThat(report.get("engine").asString()).isEqualTo("whyrank");
        assertThat(report.get("dtype").asString()).isEqualTo("float32");
        assertThat(report.get("prefix_shared").asBoolean()).isTrue();
        assertThat(report.get("greedy_head")).hasSize(3);
        assertThat(report.get("greedy_head").get(0)).hasSize(5);
        assertThat(report.get("seconds").get("total").get("best").asDouble()).isPositive();
    }

    @Test
    void saysInOneLineWhatIsWrong(@TempDir Path folder) throws Exception {
        assertOneLine(run("generate", "--model", folder.toString(), "--prompt", "x"), "has no config.json");
        assertOneLine(run("generate", "--model", STORIES, "--prompt", "word ".repeat(600)), "context of 512");
        assertOneLine(run("generate", "--model", STORIES, "--prompt", "x", "--colour"), "--colour", "--help");
        assertOneLine(run("generate", "--model", STORIES, "--prompt", "x", "--dtype", "int3"), "int3", "bfloat16");
        assertOneLine(run("generate", "--model", STORIES, "--prompt", "x", "--device", "tpu"), "tpu", "cuda:N");
        assertOneLine(run("generate", "--model", STORIES, "--prompt", "x", "--device", "cuda:7"), "cuda:7");
        assertOneLine(run("bench", "--model", STORIES, "--docs", "0"), "--docs");
        assertOneLine(run("bench", "--model", STORIES), "--vocab");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"gpt2\"}");
        assertOneLine(run("generate", "--model", folder.toString(), "--prompt", "x"), "gpt2");
    }
}

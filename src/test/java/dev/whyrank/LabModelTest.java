package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.cli.Commands;
import dev.whyrank.train.laboratory.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The language model in the jar, asked by the commands. */
class LabModelTest {

    private static final long SEED = 987_654_321;
    private static final int MOST_BYTES = 12_000_000;

    @TempDir
    private Path folder;

    private static String run(String... args) {
        Commands commands = new Commands();
        int status = commands.run(new LocalRerankerFactory(), args);
        assertThat(status).as(commands.err.toString()).isZero();
        return commands.out.toString();
    }

    @Test
    void judgesAFreshWorld() throws IOException {
        Path fresh = Files.write(
                folder.resolve("fresh.jsonl"),
                IntStream.range(0, 25).mapToObj(World.of(SEED, 3, 4)::record).toList());
        run(
                "evaluate",
                fresh.toString(),
                "--model",
                "lab",
                "--first-stage",
                "given",
                "--mode",
                "explain",
                "--out",
                folder.resolve("out").toString());
        String report = Files.readString(folder.resolve("out/report.md"));
        Matcher accuracy = Pattern.compile("\\| accuracy +\\| +([0-9.]+) \\|").matcher(report);
        assertThat(accuracy.find()).as(report).isTrue();
        assertThat(Double.parseDouble(accuracy.group(1))).as("seed %d", SEED).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void continuesAPromptLikeAnyModel() {
        assertThat(run("generate", "--model", "lab", "--prompt", "Does cargo from"))
                .isNotBlank();
    }

    @Test
    void takesLittleRoomInTheJar() throws IOException {
        int bytes = 0;
        for (String name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            try (InputStream in = LabModelTest.class.getResourceAsStream("/models/lab/" + name)) {
                bytes += Objects.requireNonNull(in, name).readAllBytes().length;
            }
        }
        assertThat(bytes).isLessThan(MOST_BYTES);
    }
}

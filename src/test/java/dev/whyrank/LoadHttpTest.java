package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.cli.Commands;
import dev.whyrank.rerank.ScriptedReranker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Overload as {@code whyrank load} makes it, on a service whose steps take time and whose queue is short. */
class LoadHttpTest {

    private static final long STEP_NANOS = 2_000_000;
    private static final int COLUMN_ANSWERED = 4;
    private static final int COLUMN_REFUSED = 5;

    private static ConfigurableApplicationContext context;
    private static String url;

    @TempDir
    private Path folder;

    @BeforeAll
    static void serve() {
        context = new SpringApplicationBuilder(ScriptedService.class)
                .properties("server.port=0", "scripted.slots=8", "scripted.room=60000")
                .run();
        context.getBean(ScriptedReranker.class).model().beforeStep(step -> LockSupport.parkNanos(STEP_NANOS));
        url = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    @AfterAll
    static void end() {
        context.close();
    }

    @Test
    void overloadIsToldToComeBackAndNothingElseBreaks() throws Exception {
        Path chart = folder.resolve("load.png");
        Commands commands = new Commands();
        commands.run(
                "load", "--url", url, "--times", "0.5,10", "--seconds", "2", "--gen", "8", "--chart", chart.toString());
        String report = commands.out.toString();

        assertThat(report)
                .as(commands.err.toString())
                .contains("- yes: every request was answered whole, or told when");
        List<List<String>> rows = report.lines()
                .filter(line -> line.startsWith("| "))
                .map(line -> Stream.of(line.split("\\|")).map(String::strip).toList())
                .toList();
        assertThat(rows).hasSize(5);
        List<String> overload = rows.get(rows.size() - 1);
        assertThat(overload.get(1)).isEqualTo("10.0");
        assertThat(Integer.parseInt(overload.get(COLUMN_ANSWERED))).isPositive();
        assertThat(Integer.parseInt(overload.get(COLUMN_REFUSED))).isPositive();
        assertThat(Objects.requireNonNull(ImageIO.read(Files.newInputStream(chart)))
                        .getHeight())
                .isPositive();
    }

    @Test
    void saysWhatIsWrongInOneLine() {
        refused("no service answers there", "--url", "http://127.0.0.1:1");
        refused("is no address of a service", "--url", "localhost:8080");
        refused("--times must be numbers above 0", "--url", url, "--times", "0");
        refused("shares that add up to 1", "--url", url, "--slow", "0.7", "--leave", "0.7");
        refused("--pid -5: its memory cannot be read", "--url", url, "--pid", "-5");
    }

    private static void refused(String part, String... arguments) {
        Commands commands = new Commands();
        String[] all = Stream.concat(Stream.of("load"), Stream.of(arguments)).toArray(String[]::new);
        assertThat(commands.run(all)).isEqualTo(2);
        assertThat(commands.err.toString()).contains(part).hasLineCount(1);
    }
}

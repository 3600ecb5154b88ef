package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MeasureCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("run"), "q1 Q0 a 1 2.0 t\nq1 Q0 b 2 1.0 t\n");
        Files.writeString(folder.resolve("qrels"), "q1 0 b 1\nq2 0 a 1\n");
    }

    @Test
    void printsTrecEvalsLinesAndCountsMissingQueriesAsZero() {
        assertThat(measure("-m", "recip_rank", "-m", "P.2")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "num_q                 \tall\t2",
                        "num_ret               \tall\t2",
                        "num_rel               \tall\t2",
                        "num_rel_ret           \tall\t1",
                        "recip_rank            \tall\t0.2500",
                        "P_2                   \tall\t0.2500");
    }

    @Test
    void averagesOverRetrievedQueriesIfAsked() {
        assertThat(measure("--retrieved-only", "-m", "recip_rank")).isZero();
        assertThat(out.toString()).contains("num_q                 \tall\t1", "recip_rank            \tall\t0.5000");
    }

    @Test
    void printsEachQueryIfAsked() {
        assertThat(measure("-q", "-m", "recip_rank")).isZero();
        assertThat(out.toString()).contains("recip_rank            \tq1\t0.5000", "recip_rank            \tq2\t0.0000");
    }

    @Test
    void unknownMeasureIsTheUsersMistake() {
        assertThat(measure("-m", "fame")).isNotZero();
        assertThat(failure.get()).isInstanceOf(InvalidInputException.class).hasMessageContaining("'fame'");
    }

    private int measure(String... options) {
        String[] args = Stream.concat(
                        Arrays.stream(options),
                        Stream.of(
                                folder.resolve("run").toString(),
                                folder.resolve("qrels").toString()))
                .toArray(String[]::new);
        return new CommandLine(new MeasureCommand())
                .setOut(new PrintWriter(out))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    failure.set(e);
                    return 2;
                })
                .execute(args);
    }
}

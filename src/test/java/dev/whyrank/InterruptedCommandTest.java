package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A command told to end while its model computes: without waiting for the step, the process would crash. */
class InterruptedCommandTest {

    private static final String[] BENCH = {
        "bench",
        "--model",
        "src/test/resources/stories260k",
        "--vocab",
        "500",
        "--rounds",
        "100000",
        "--threads",
        "2",
        "--docs",
        "16",
        "--prefix",
        "0",
        "--doc",
        "300",
        "--gen",
        "64"
    };

    @Test
    void endsAfterTheStep() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/task")), "threads of another process are seen on Linux only");
        try (ServerProcess bench = ServerProcess.command(BENCH)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> computes(bench.pid()));
            bench.terminate();
            assertThat(bench.awaitExit()).as("%s", bench.output()).isEqualTo(143);
            assertThat(bench.output()).contains("interrupted").noneMatch(line -> line.contains("fatal error"));
        }
    }

    private static boolean computes(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.anyMatch(thread -> name(thread).equals("torch-lane"));
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return "of a thread that has ended since";
        }
    }
}

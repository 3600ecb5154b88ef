package dev.whyrank.observe;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Asks the driver's own tool. Its answer is a few hundred bytes, so it never waits for a reader. */
final class NvidiaSmi {

    private final Path executable;
    private final Duration patience;

    NvidiaSmi(Path executable, Duration patience) {
        this.executable = executable;
        this.patience = patience;
    }

    /**
     * Finds the tool, without running it.
     *
     * @param path folders, as in the variable PATH
     */
    static Optional<Path> find(String path) {
        return Stream.of(path.split(Pattern.quote(File.pathSeparator)))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "nvidia-smi"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * One reading of each GPU; none if the driver sees none. Warnings between them are skipped.
     *
     * @throws IOException if the tool fails, hangs or answers something else
     */
    List<GpuReading> read() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        executable.toString(), "--query-gpu=" + GpuReading.FIELDS, "--format=csv,noheader,nounits")
                .redirectErrorStream(true)
                .start();
        try {
            if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException(executable + " has not answered in " + patience);
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException(executable + " failed: " + answer.strip());
            }
            List<GpuReading> readings = answer.lines()
                    .filter(GpuReading::isReading)
                    .map(GpuReading::parse)
                    .toList();
            if (readings.isEmpty() && !answer.isBlank()) {
                throw new IllegalArgumentException("no line of " + GpuReading.FIELDS + ": " + answer.strip());
            }
            return readings;
        } catch (IllegalArgumentException e) {
            throw new IOException(executable + " cannot be understood: " + e.getMessage(), e);
        } finally {
            process.destroyForcibly();
        }
    }
}

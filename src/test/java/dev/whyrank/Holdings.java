package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a Java process on this machine holds while it has nothing to do, after a full collection.
 *
 * @param heapKib live objects
 * @param nativeKib resident memory that is no file's; with the heap touched beforehand only what is outside it varies
 * @param threads of the operating system
 * @param files open file descriptors
 * @param arrays live objects that stand for native arrays
 */
record Holdings(double heapKib, double nativeKib, double threads, double files, double arrays) {

    private static final String ARRAY = " " + PtNDArray.class.getName();

    static Holdings of(long pid) throws IOException, InterruptedException {
        List<String> histogram = histogram(pid);
        Path process = Path.of("/proc", String.valueOf(pid));
        List<String> status = Files.readAllLines(process.resolve("status"));
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return new Holdings(
                    number(line(histogram, "Total"), 2) / 1024.0,
                    number(line(status, "RssAnon:"), 1),
                    number(line(status, "Threads:"), 1),
                    files.count(),
                    histogram.stream()
                            .filter(line -> line.contains(ARRAY))
                            .mapToDouble(line -> number(line, 1))
                            .sum());
        }
    }

    /** Of live objects only, for which the machine collects first. */
    private static List<String> histogram(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        List<String> lines = jcmd.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(jcmd.waitFor()).as(String.join("\n", lines)).isZero();
        return lines;
    }

    private static String line(List<String> lines, String start) {
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + start + " in " + lines));
    }

    private static double number(String line, int column) {
        return Double.parseDouble(line.strip().split("\\s+", -1)[column]);
    }
}

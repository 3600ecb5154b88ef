package dev.whyrank.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds that no file backs; Linux only. */
public final class ResidentMemory {

    private ResidentMemory() {}

    /** Anonymous resident memory in KiB, after a garbage collection. */
    public static long anonymousKibibytes() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}

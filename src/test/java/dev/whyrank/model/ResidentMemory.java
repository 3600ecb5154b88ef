package dev.whyrank.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** What this process holds that no file backs; Linux only. */
public final class ResidentMemory {

    private ResidentMemory() {}

    /** Anonymous resident memory in KiB, the least within two seconds after a collection: the heap gives back later. */
    public static long anonymousKibibytes() throws IOException {
        System.gc();
        long least = Long.MAX_VALUE;
        for (long end = System.nanoTime() + 2_000_000_000L; System.nanoTime() < end; ) {
            least = Math.min(least, now());
            LockSupport.parkNanos(50_000_000);
        }
        return least;
    }

    private static long now() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}

package dev.whyrank.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds outside of the Java heap and that no file backs; Linux only. */
public final class ResidentMemory {

    /** Compressed object pointers keep a heap below this address, where nothing else of a process lies. */
    private static final long HEAP_END = 32L << 30;

    private ResidentMemory() {}

    /**
     * Anonymous resident memory in KiB but for the heap, after a garbage collection has freed direct buffers. The heap has
     * a bound of its own, and how much of it was touched so far says nothing about leaks.
     */
    public static long anonymousKibibytes() throws IOException {
        System.gc();
        long kibibytes = 0;
        boolean heap = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                heap = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16) < HEAP_END;
            } else if (line.startsWith("Anonymous:") && !heap) {
                kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kibibytes;
    }
}

package dev.whyrank.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process holds in memory, as Linux counts it. */
final class ProcessMemory {

    private ProcessMemory() {}

    /** This process's resident memory that is not a file's, in MiB; -1 where the system does not tell. */
    static long anonymousMebibytes() {
        return anonymousMebibytes("self");
    }

    /** The same of the process with this number. */
    static long anonymousMebibytes(String process) {
        Path status = Path.of("/proc", process, "status");
        if (!Files.isReadable(status)) {
            return -1;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }
}

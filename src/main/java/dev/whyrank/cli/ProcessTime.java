package dev.whyrank.cli;

import java.time.Duration;

/** What this process has taken of the processors. */
final class ProcessTime {

    private ProcessTime() {}

    /** Processor time of all threads so far, in seconds; 0 where the system does not tell. */
    static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }
}

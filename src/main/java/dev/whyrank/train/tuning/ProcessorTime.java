package dev.whyrank.train.tuning;

import java.time.Duration;

/** What this process has taken of the processors; unlike time on the wall, other work on the machine hardly moves it. */
public final class ProcessorTime {

    private ProcessorTime() {}

    /** Processor time of all threads so far; where the system does not tell, the clock, since a limit must end. */
    public static Duration now() {
        return ProcessHandle.current().info().totalCpuDuration().orElseGet(() -> Duration.ofNanos(System.nanoTime()));
    }
}

package dev.whyrank.train.tuning;

import java.time.Duration;

/** What this process has taken of the processors; unlike time on the wall, other work on the machine hardly moves it. */
public final class ProcessorTime {

    private ProcessorTime() {}

    /** Processor time of all threads so far; zero where the system does not tell. */
    public static Duration now() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}

package dev.whyrank.rerank;

import java.time.Duration;

/** Runs something later, unless it is called off. Safe for use by many threads. */
@FunctionalInterface
interface DeadlineTimer {

    /**
     * Plans a task, which must return at once.
     *
     * @return calls it off; harmless when it has run
     */
    Runnable after(Duration delay, Runnable task);
}

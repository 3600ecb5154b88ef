package dev.whyrank.rerank;

import java.time.Duration;

/**
 * How fast admitted work gets done, from what was released lately: tokens and busy time, both fading with age. Time is
 * an argument.
 */
public final class DrainRate {

    private static final double HALF_LIFE_SECONDS = 30;
    private static final double NANOS = 1e9;
    private static final long LEAST_SECONDS = 1;
    private static final long MOST_SECONDS = 60;

    private double tokens;
    private double seconds;
    private long since;
    private boolean busy;

    /** Work begins to wait where there was none. */
    public void begin(long nanos) {
        if (!busy) {
            busy = true;
            since = nanos;
        }
    }

    /**
     * Work was done.
     *
     * @param idle whether none is left
     */
    public void done(long nanos, long released, boolean idle) {
        double elapsed = Math.max(0, nanos - since) / NANOS;
        double kept = Math.pow(0.5, elapsed / HALF_LIFE_SECONDS);
        tokens = tokens * kept + released;
        seconds = seconds * kept + elapsed;
        since = nanos;
        busy = !idle;
    }

    /** When so much will probably have been done; between 1 and 60 seconds, in whole seconds. */
    public Duration timeFor(long missing) {
        double expected = tokens > 0 ? missing * seconds / tokens : LEAST_SECONDS;
        return Duration.ofSeconds(Math.max(LEAST_SECONDS, Math.min(MOST_SECONDS, (long) Math.ceil(expected))));
    }
}

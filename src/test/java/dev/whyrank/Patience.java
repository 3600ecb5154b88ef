package dev.whyrank;

import java.time.Duration;

/** How long a test waits for what comes at once when all is well; {@code -Dwhyrank.patience} in seconds. */
public final class Patience {

    public static final int SECONDS = Integer.getInteger("whyrank.patience", 20);
    public static final Duration DURATION = Duration.ofSeconds(SECONDS);

    private Patience() {}
}

package dev.whyrank.cli;

import dev.whyrank.rerank.remote.ChatPolicy;
import java.time.Duration;

/** How commands that run for hours ask a model elsewhere. */
final class Patience {

    /** How long an answer may be silent unless told otherwise. */
    static final int IDLE_SECONDS = 120;

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration WHOLE = Duration.ofMinutes(15);

    private Patience() {}

    static ChatPolicy policy(int attempts, int idleSeconds, int atOnce, int perMinute) {
        return new ChatPolicy(
                attempts, FIRST_WAIT, LONGEST_WAIT, CONNECT, Duration.ofSeconds(idleSeconds), WHOLE, atOnce, perMinute);
    }
}

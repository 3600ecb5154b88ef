package dev.whyrank.cluster;

import java.util.Locale;

/** What a task waits among; workers look into the lanes in this order. */
public enum Lane {
    /** Somebody waits for the answer. */
    INTERACTIVE,
    /** Nobody does: batches. */
    BULK;

    String key(Keys keys) {
        return keys.of("tasks", name().toLowerCase(Locale.ROOT));
    }
}

package dev.whyrank.cluster;

import dev.whyrank.generate.Priority;
import dev.whyrank.rerank.RerankRequest.Handling;
import java.util.Locale;

/** What a task waits among; workers look into the lanes in this order. */
public enum Lane {
    /** Somebody waits for the answer. */
    INTERACTIVE,
    /** Nobody does: batches. */
    BULK;

    /** The lane of requests of a priority. */
    static Lane of(Priority priority) {
        return priority == Priority.BULK ? BULK : INTERACTIVE;
    }

    /** How a worker handles a task of this lane; what may be reused was decided where the request came in. */
    Handling handling() {
        return this == BULK ? Handling.BULK : Handling.DEFAULT;
    }

    String key(Keys keys) {
        return keys.of("tasks", name().toLowerCase(Locale.ROOT));
    }
}

package dev.whyrank.batch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a batch is.
 *
 * @param id names it
 * @param owner a digest of the key that made it; empty where keys are not asked for
 * @param total its lines
 * @param completed lines that were answered
 * @param failed lines that were refused or failed
 * @param endedAt when the last line was done or the batch was cancelled, or null
 */
public record Batch(
        String id,
        String owner,
        int total,
        int completed,
        int failed,
        Status status,
        Instant createdAt,
        @Nullable Instant endedAt) {

    /** Where a batch stands. */
    public enum Status {
        IN_PROGRESS,
        /** No line is begun any more; those that run are stopped. */
        CANCELLING,
        COMPLETED,
        CANCELLED;

        /** Whether nothing more will happen. */
        public boolean ended() {
            return this == COMPLETED || this == CANCELLED;
        }
    }

    /** A batch that nobody has worked on. */
    public static Batch begun(String id, String owner, int total, Instant now) {
        return new Batch(id, owner, total, 0, 0, Status.IN_PROGRESS, now, null);
    }
}

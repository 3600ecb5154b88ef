package dev.whyrank.rerank;

import dev.whyrank.generate.Priority;
import java.util.function.LongSupplier;

/**
 * Decides whether a request may enter: whole or not at all, by its estimated tokens, before any work. Safe for use by
 * many threads.
 */
public final class Admission {

    /** One part in so many of the room is what bulk requests may take. */
    private static final int BULK_SHARE = 2;

    private final Limits limits;
    private final LongSupplier nanoTime;
    private final DrainRate rate = new DrainRate();
    private long taken;
    private long takenByBulk;

    /**
     * Bounds, in estimated tokens.
     *
     * @param total of all admitted requests together; more means longer queues, fewer refusals
     * @param perRequest of one request; above it a request is refused for good
     */
    public record Limits(long total, long perRequest) {

        public Limits {
            if (perRequest < 1 || total < perRequest) {
                throw new IllegalArgumentException("admission needs 1 <= tokens per request (" + perRequest
                        + ") <= tokens in all (" + total + ")");
            }
        }
    }

    /** The right to be worked on; given back once, later calls do nothing. */
    public interface Permit {

        void release();
    }

    /**
     * Nobody in yet.
     *
     * @param nanoTime tells the time, which in a simulation is a virtual one
     */
    public Admission(Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /**
     * Lets a request in.
     *
     * @throws RerankException {@code TOO_LARGE} if it never fits, {@code OVERLOADED} if it does not fit now
     */
    public Permit acquire(long tokens) {
        return acquire(tokens, Priority.INTERACTIVE);
    }

    /**
     * Lets a request of a priority in. Bulk requests together get half of the room, or are let in one at a time: there is
     * always some for those that somebody waits for.
     *
     * @throws RerankException {@code TOO_LARGE} if it never fits, {@code OVERLOADED} if it does not fit now
     */
    public synchronized Permit acquire(long tokens, Priority priority) {
        if (tokens > limits.perRequest()) {
            throw new RerankException(
                    ErrorCode.TOO_LARGE,
                    "the request means about " + tokens + " tokens of work, at most " + limits.perRequest()
                            + " are accepted: send fewer or shorter documents");
        }
        boolean bulk = priority == Priority.BULK;
        long missing = taken + tokens - limits.total();
        if (bulk && takenByBulk > 0) {
            missing = Math.max(missing, takenByBulk + tokens - limits.total() / BULK_SHARE);
        }
        if (missing > 0) {
            throw new RerankException(
                    ErrorCode.OVERLOADED, "the queue is full, try again later", rate.timeFor(missing));
        }
        rate.begin(nanoTime.getAsLong());
        taken += tokens;
        takenByBulk += bulk ? tokens : 0;
        return new Held(tokens, bulk);
    }

    /** Estimated tokens of all admitted requests. */
    public synchronized long taken() {
        return taken;
    }

    private synchronized void giveBack(Held held) {
        if (!held.released) {
            held.released = true;
            taken -= held.tokens;
            takenByBulk -= held.bulk ? held.tokens : 0;
            rate.done(nanoTime.getAsLong(), held.tokens, taken == 0);
        }
    }

    private final class Held implements Permit {

        private final long tokens;
        private final boolean bulk;
        private boolean released;

        Held(long tokens, boolean bulk) {
            this.tokens = tokens;
            this.bulk = bulk;
        }

        @Override
        public void release() {
            giveBack(this);
        }
    }
}

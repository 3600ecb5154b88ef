package dev.whyrank.cluster;

import dev.whyrank.rerank.DrainRate;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import org.jspecify.annotations.Nullable;

/**
 * What one gateway knows of the whole queue, and whether a request may join it. Between looks it counts what it has let
 * in itself. Time is an argument; safe for use by many threads.
 */
final class ClusterView {

    private final long maxTokens;
    private final DrainRate rate = new DrainRate();
    private TaskQueue.@Nullable Depth last;
    private long letIn;

    /** A view of a queue that may hold so many estimated tokens. */
    ClusterView(long maxTokens) {
        this.maxTokens = maxTokens;
    }

    /** The queue was looked at. */
    synchronized void seen(TaskQueue.Depth depth, long nanos) {
        TaskQueue.Depth before = last;
        if (before != null) {
            long done = Math.max(0, depth.doneTokens() - before.doneTokens());
            if (done > 0 || before.tokens() > 0) {
                rate.done(nanos, done, depth.tokens() == 0);
            }
        }
        if (depth.tokens() > 0) {
            rate.begin(nanos);
        }
        last = depth;
        letIn = 0;
    }

    /**
     * Lets a request in.
     *
     * @throws RerankException {@code OVERLOADED} if the queue has no room for it now
     */
    synchronized void admit(long tokens) {
        long waiting = (last == null ? 0 : last.tokens()) + letIn;
        long missing = waiting + tokens - maxTokens;
        // A request larger than the whole queue is let into an empty one: its own limit is the gateway's.
        if (missing > 0 && waiting > 0) {
            throw new RerankException(
                    ErrorCode.OVERLOADED, "the cluster's queue is full, try again later", rate.timeFor(missing));
        }
        letIn += tokens;
    }
}

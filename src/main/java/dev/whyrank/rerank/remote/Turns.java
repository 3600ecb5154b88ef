package dev.whyrank.rerank.remote;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How many documents may be asked about at once, over all requests. Requests take turns, one document at a time, in the
 * order in which they came. Safe for use by many threads.
 */
final class Turns {

    private final Deque<Taker> queue = new ArrayDeque<>();
    private int free;

    /** One that waits. */
    @FunctionalInterface
    interface Taker {

        /** It has a turn, which is given back with {@link Turns#giveBack}. Must return at once. */
        void turn();
    }

    Turns(int atOnce) {
        free = atOnce;
    }

    /** Waits for one turn. */
    void await(Taker taker) {
        synchronized (this) {
            queue.add(taker);
        }
        handOut();
    }

    void giveBack() {
        synchronized (this) {
            free++;
        }
        handOut();
    }

    private void handOut() {
        for (Taker next = next(); next != null; next = next()) {
            next.turn();
        }
    }

    private synchronized @Nullable Taker next() {
        if (free == 0 || queue.isEmpty()) {
            return null;
        }
        free--;
        return queue.remove();
    }
}

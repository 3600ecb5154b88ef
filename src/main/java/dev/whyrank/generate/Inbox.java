package dev.whyrank.generate;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The only way from other threads to the engine's: messages, each a piece of work for that thread, in the order of
 * their arrival. Once it is closed nothing enters any more, and what had entered can still be taken out.
 */
final class Inbox {

    private final Queue<Runnable> messages = new ArrayDeque<>();
    private boolean closed;

    /** Adds a message and says whether it was accepted; it never is after {@link #close}. */
    synchronized boolean offer(Runnable message) {
        if (closed) {
            return false;
        }
        messages.add(message);
        notifyAll();
        return true;
    }

    /** The oldest message, or null if there is none. */
    synchronized @Nullable Runnable poll() {
        return messages.poll();
    }

    /** Returns when there is a message or the inbox is closed. */
    synchronized void await() throws InterruptedException {
        while (messages.isEmpty() && !closed) {
            wait();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}

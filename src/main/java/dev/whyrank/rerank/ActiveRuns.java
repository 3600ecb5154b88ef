package dev.whyrank.rerank;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The requests that have not ended, and whether new ones may join them. Safe for use by many threads. */
final class ActiveRuns {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final Set<ActiveRun> runs = new LinkedHashSet<>();
    private boolean closed;

    /**
     * Makes a run and adds it.
     *
     * @throws RerankException {@code NOT_READY} after {@link #close}, or whatever the supplier throws
     */
    <R extends ActiveRun> R add(Supplier<R> run) {
        lock.lock();
        try {
            if (closed) {
                throw new RerankException(
                        ErrorCode.NOT_READY, "the service is shutting down, try another", Duration.ofSeconds(5));
            }
            R added = run.get();
            runs.add(added);
            return added;
        } finally {
            lock.unlock();
        }
    }

    void remove(ActiveRun run) {
        lock.lock();
        try {
            runs.remove(run);
            if (runs.isEmpty()) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody join from now on. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for all to end; gives those that have not. An interrupt ends the wait and is kept. */
    List<ActiveRun> awaitNone(Duration patience) {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (!runs.isEmpty() && nanos > 0) {
                nanos = none.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return snapshot();
    }

    private List<ActiveRun> snapshot() {
        lock.lock();
        try {
            return new ArrayList<>(runs);
        } finally {
            lock.unlock();
        }
    }
}

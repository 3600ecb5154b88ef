package dev.whyrank.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Brings one task's news to its gateway, in order. What happens while news are on their way goes with the next, so a slow
 * Redis gets fewer and larger reports. Safe for use by many threads.
 */
final class Outbox {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** A lease that has just run out may be renewed by a gateway that Redis had left alone. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final TaskQueue queue;
    private final Claimed claimed;
    private final Run run;
    private final Runnable deadGateway;
    private final Runnable delivered;
    private final List<TaskEvent> waiting = new ArrayList<>();
    private boolean sending;
    private boolean last;
    private boolean closed;
    private long deadSince = -1;

    /**
     * An empty outbox.
     *
     * @param deadGateway told once when nobody reads any more
     * @param delivered told once when the last news have arrived
     */
    Outbox(TaskQueue queue, Claimed claimed, Run run, Runnable deadGateway, Runnable delivered) {
        this.queue = queue;
        this.claimed = claimed;
        this.run = run;
        this.deadGateway = deadGateway;
        this.delivered = delivered;
    }

    /** Sends an event; with the last one the task is ended in Redis. */
    void send(TaskEvent event, boolean isLast) {
        synchronized (this) {
            if (closed) {
                return;
            }
            append(event);
            last |= isLast;
        }
        flush();
    }

    private void append(TaskEvent event) {
        int end = waiting.size() - 1;
        if (end >= 0
                && event instanceof TaskEvent.Delta more
                && waiting.get(end) instanceof TaskEvent.Delta before
                && before.index() == more.index()) {
            waiting.set(end, new TaskEvent.Delta(before.index(), before.offset(), before.text() + more.text()));
        } else {
            waiting.add(event);
        }
    }

    /** Nothing more is sent. */
    synchronized void close() {
        closed = true;
        waiting.clear();
    }

    private void flush() {
        List<TaskEvent> events;
        boolean ending;
        synchronized (this) {
            if (sending || closed || waiting.isEmpty()) {
                return;
            }
            sending = true;
            events = List.copyOf(waiting);
            waiting.clear();
            ending = last;
        }
        TaskMessage task = claimed.task();
        Report report = new Report(task.id(), task.lane(), claimed.entry(), run, events);
        var sent = ending ? queue.finish(task.gateway(), report) : queue.tell(task.gateway(), report);
        sent.whenComplete((alive, failure) -> {
            if (failure != null) {
                again(events);
            } else if (alive == 0) {
                unread(events);
            } else {
                arrived(ending);
            }
        });
    }

    private void arrived(boolean ending) {
        synchronized (this) {
            sending = false;
            deadSince = -1;
        }
        if (ending) {
            close();
            delivered.run();
        } else {
            flush();
        }
    }

    private void again(List<TaskEvent> events) {
        synchronized (this) {
            waiting.addAll(0, events);
        }
        Executor later = CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        later.execute(() -> {
            synchronized (this) {
                sending = false;
            }
            flush();
        });
    }

    private void unread(List<TaskEvent> events) {
        long now = System.nanoTime();
        boolean dead;
        synchronized (this) {
            deadSince = deadSince < 0 ? now : deadSince;
            dead = now - deadSince > GRACE.toNanos();
        }
        if (dead) {
            close();
            deadGateway.run();
        } else {
            again(events);
        }
    }
}

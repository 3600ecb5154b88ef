package dev.whyrank.rerank.remote;

import dev.whyrank.rerank.Judge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * One task's documents on their way through a model elsewhere. Everything happens in the request's mailbox, except that
 * a cancelled request closes its connections at once.
 */
final class RemoteRun implements Judge.Judging, Turns.Taker {

    private final Judge.Task task;
    private final Judge.Listener listener;
    private final IntFunction<RemoteDocument> maker;
    private final Turns turns;
    private final Deque<Integer> waiting;
    private final Map<Integer, RemoteDocument> running = new ConcurrentHashMap<>();
    private volatile boolean cancelled;

    RemoteRun(Judge.Task task, Judge.Listener listener, IntFunction<RemoteDocument> maker, Turns turns) {
        this.task = task;
        this.listener = listener;
        this.maker = maker;
        this.turns = turns;
        this.waiting = new ArrayDeque<>(task.indices());
    }

    /** Queues up; nothing is told to the listener before the caller's piece of work has ended. */
    void begin() {
        turns.await(this);
    }

    @Override
    public void turn() {
        task.mailbox().execute(this::next);
    }

    private void next() {
        if (waiting.isEmpty() || cancelled) {
            turns.giveBack();
            return;
        }
        int index = waiting.remove();
        if (!waiting.isEmpty()) {
            turns.await(this);
        }
        RemoteDocument document = maker.apply(index);
        running.put(index, document);
        document.begin(() -> {
            running.remove(index);
            turns.giveBack();
        });
    }

    @Override
    public void cancel() {
        cancelled = true;
        running.values().forEach(RemoteDocument::hangUp);
        task.mailbox().execute(() -> {
            new ArrayList<>(running.values()).forEach(RemoteDocument::withdraw);
            withdrawWaiting();
        });
    }

    @Override
    public void conclude() {
        task.mailbox().execute(() -> {
            withdrawWaiting();
            new ArrayList<>(running.values()).forEach(RemoteDocument::conclude);
        });
    }

    private void withdrawWaiting() {
        while (!waiting.isEmpty()) {
            listener.withdrawn(waiting.remove());
        }
    }
}

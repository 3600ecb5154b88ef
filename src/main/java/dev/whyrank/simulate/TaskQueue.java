package dev.whyrank.simulate;

import dev.whyrank.generate.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Tasks that wait for a worker in two lanes, of which interactive comes first; and workers that wait for a task. */
final class TaskQueue {

    private final Deque<Task> interactive = new ArrayDeque<>();
    private final Deque<Task> bulk = new ArrayDeque<>();
    private final Deque<Worker> asking = new ArrayDeque<>();
    private long asked;
    private long served;
    private boolean matching;

    void add(Task task) {
        lane(task).addLast(task);
        match();
    }

    /** A task that was begun before goes in front. */
    void handOn(Task task) {
        lane(task).addFirst(task);
        match();
    }

    private Deque<Task> lane(Task task) {
        return task.request().priority() == Priority.BULK ? bulk : interactive;
    }

    /** The worker gets the next task, now or behind those that asked before. */
    void ask(Worker worker) {
        worker.asks(asked++);
        asking.addLast(worker);
        match();
    }

    /** How many tasks must come before a worker that asks gets one, as long as nobody dies. */
    long tasksUntil(Worker worker) {
        return worker.ticket() - served + 1;
    }

    /** The worker died. */
    void forget(Worker worker) {
        asking.remove(worker);
    }

    /** Whoever gets a task may ask for the next at once: that is served by the same loop, not by one inside it. */
    private void match() {
        if (matching) {
            return;
        }
        matching = true;
        while (!asking.isEmpty()) {
            Task task = next();
            if (task == null) {
                break;
            }
            served++;
            asking.removeFirst().take(task);
        }
        matching = false;
    }

    /** The next task that somebody still waits for; the documents of the others have ended at their deadline. */
    private @Nullable Task next() {
        Task task;
        do {
            task = interactive.isEmpty() ? bulk.pollFirst() : interactive.pollFirst();
        } while (task != null && task.request().isPastDeadline());
        return task;
    }
}

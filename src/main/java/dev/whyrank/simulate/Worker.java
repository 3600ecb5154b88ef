package dev.whyrank.simulate;

import dev.whyrank.generate.Plan;
import dev.whyrank.generate.Scheduler;
import dev.whyrank.generate.SequenceEvent;
import dev.whyrank.generate.SequenceLimits;
import dev.whyrank.model.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One machine: a real scheduler whose steps take their cost's time. It plans a step, lets the time pass, applies the
 * result, and plans the next; what reached it meanwhile is in the next plan, as in the engine.
 *
 * <p>It <b>looks ahead</b>: as long as nothing can reach it, it takes its next steps at once and only notes what they
 * bring for their time. A worker that is full gets no task until it asks for one, one that asks gets none before those
 * that asked earlier, and deadlines and failures are known beforehand. What happens is the same and happens at the same
 * time; a scheduler is only not fetched into the processor's cache for each of its steps, which with a thousand of them
 * is most of the work.
 */
final class Worker {

    /** Hears what happens to documents. */
    interface Listener {

        /** A task's first token came, at a time that may lie ahead. */
        void firstToken(Task task, long time);

        void ended(Task task, int document, SequenceEvent end);

        /** The worker may have room for another task. */
        void hasRoom(Worker worker);

        void stepped(int chunks);

        /** Before when nothing happens to a task on this worker from outside. */
        long quietUntil(Task task);

        /** Before when a worker that asks is given no task. */
        long nothingBefore(Worker asking);
    }

    private final Agenda agenda;
    private final StepCost cost;
    private final SequenceLimits limits;
    private final Deployment deployment;
    private final boolean looksAhead;
    private final long hop;
    private final Listener listener;
    private final Map<Long, Task> tasks = new LinkedHashMap<>();
    /** Those of which no token has come: only the first of each is asked for. */
    private final Map<Long, Task> silent = new HashMap<>();

    private @Nullable Scheduler scheduler;
    private long lastId;
    private long ticket;
    private int documents;
    private int onTheirWay;
    private boolean stepping;
    private boolean asking;
    private long busy;
    private long busyUntil;

    Worker(
            Agenda agenda,
            StepCost cost,
            SequenceLimits limits,
            Deployment deployment,
            boolean looksAhead,
            Listener listener) {
        this.agenda = agenda;
        this.cost = cost;
        this.limits = limits;
        this.deployment = deployment;
        this.looksAhead = looksAhead;
        this.hop = Math.round(deployment.hopMillis() * 1e6);
        this.listener = listener;
        begin();
    }

    /** Starts, or starts again, empty. */
    void begin() {
        scheduler = new Scheduler(limits, deployment.tokenBudget(), token -> new byte[0]);
    }

    boolean alive() {
        return scheduler != null;
    }

    /** Nanoseconds in steps until now. */
    long busy() {
        return busy - Math.max(0, busyUntil - agenda.now());
    }

    /** Whether it should ask for a task: it lives, has room, and has not asked already. */
    boolean wantsTask() {
        return alive() && !asking && documents <= deployment.askingUpTo();
    }

    void asks(long number) {
        asking = true;
        ticket = number;
    }

    /** How many had asked before it when it asked last. */
    long ticket() {
        return ticket;
    }

    /** Gets a task. It is there one hop later; its room is taken at once. */
    void take(Task task) {
        asking = false;
        long id = ++lastId;
        tasks.put(id, task);
        silent.put(id, task);
        documents += task.count();
        onTheirWay++;
        task.begin(this, id);
        Scheduler receiver = scheduler;
        agenda.after(hop, () -> {
            if (receiver != null && receiver == scheduler) {
                onTheirWay--;
                receiver.add(
                        id,
                        task.sequences(),
                        task.count() > 1 ? task.request().sharedPrefix() : 0,
                        task.request().priority());
                if (task.request().isPastDeadline()) {
                    receiver.conclude(id);
                }
                step();
            }
        });
        listener.hasRoom(this);
    }

    /** Lets a task's documents come to their end, if they have not. */
    void conclude(Task task) {
        if (scheduler != null) {
            scheduler.conclude(task.id());
        }
    }

    /** Dies, and returns what it was busy with. */
    List<Task> die() {
        List<Task> orphans = new ArrayList<>(tasks.values());
        orphans.forEach(Task::orphan);
        busy = busy();
        busyUntil = agenda.now();
        scheduler = null;
        tasks.clear();
        silent.clear();
        documents = 0;
        onTheirWay = 0;
        stepping = false;
        asking = false;
        return orphans;
    }

    private void step() {
        Scheduler mine = scheduler;
        if (stepping || mine == null) {
            return;
        }
        Plan plan = mine.plan();
        hear(plan.events());
        int ahead = documents;
        long time = agenda.now();
        while (plan.step().isPresent()) {
            stepping = true;
            Step step = plan.step().get();
            time += Math.max(1, Math.round(cost.millis(StepWork.of(step, plan.decodeTokens())) * 1e6));
            listener.stepped(step.chunks().size());
            List<SequenceEvent> ends = ends(mine.complete(Countdown.run(step)), time);
            ahead -= ends.size();
            boolean mayAsk = !asking && ahead <= deployment.askingUpTo();
            if (ahead == 0 || mayAsk || time >= quietUntil()) {
                occupy(time);
                at(time, mine, () -> {
                    stepping = false;
                    hear(ends);
                    step();
                });
                return;
            }
            if (!ends.isEmpty()) {
                at(time, mine, () -> hear(ends));
            }
            plan = mine.plan();
        }
    }

    private void occupy(long until) {
        busy += until - agenda.now();
        busyUntil = until;
    }

    private void at(long time, Scheduler owner, Runnable event) {
        agenda.after(time - agenda.now(), () -> {
            if (owner == scheduler) {
                event.run();
            }
        });
    }

    /** Until when its own steps are all that can happen to it. */
    private long quietUntil() {
        if (!looksAhead || onTheirWay > 0) {
            return agenda.now();
        }
        long until = asking ? listener.nothingBefore(this) : Long.MAX_VALUE;
        for (Task task : tasks.values()) {
            until = Math.min(until, listener.quietUntil(task));
        }
        return until;
    }

    /** Passes tokens on and keeps the ends. */
    private List<SequenceEvent> ends(List<SequenceEvent> events, long time) {
        List<SequenceEvent> ends = List.of();
        for (SequenceEvent event : events) {
            if (event.terminal()) {
                ends = ends.isEmpty() ? new ArrayList<>() : ends;
                ends.add(event);
            } else if (!silent.isEmpty()) {
                Task begun = silent.remove(event.request());
                if (begun != null) {
                    listener.firstToken(begun, time);
                }
            }
        }
        return ends;
    }

    private void hear(List<SequenceEvent> events) {
        int before = documents;
        for (SequenceEvent event : events) {
            if (event.terminal()) {
                Task task = task(event);
                documents--;
                if (task.ended()) {
                    tasks.remove(event.request());
                    silent.remove(event.request());
                }
                listener.ended(task, event.index(), event);
            }
        }
        if (documents < before) {
            listener.hasRoom(this);
        }
    }

    private Task task(SequenceEvent event) {
        Task task = tasks.get(event.request());
        if (task == null) {
            throw new IllegalStateException("an event of task " + event.request() + ", which is not here");
        }
        return task;
    }
}

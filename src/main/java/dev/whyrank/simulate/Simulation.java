package dev.whyrank.simulate;

import dev.whyrank.generate.SequenceEvent;
import dev.whyrank.generate.SequenceLimits;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.Admission;
import dev.whyrank.rerank.RerankException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One deployment under one traffic, from the first arrival until every document of every accepted request has ended. */
public final class Simulation {

    private static final int MOST_ATTEMPTS = 3;
    private static final double NANOS = 1e9;

    private final StepCost cost;
    private final Traffic traffic;
    private final Deployment deployment;
    private final boolean looksAhead;
    private final long hop;
    private final Agenda agenda = new Agenda();
    private final TaskQueue queue = new TaskQueue();
    private final List<Worker> workers = new ArrayList<>();
    private final Map<SimulatedRequest, Integer> open = new HashMap<>();
    private final Observations seen;
    private final Admission admission;
    /** When requests come, or empty in a closed loop. */
    private final long[] schedule;

    private int arrivals;

    /** Everything is decided by these. */
    public Simulation(StepCost cost, Traffic traffic, Deployment deployment) {
        this(cost, traffic, deployment, true);
    }

    /** For the test that shows that looking ahead changes nothing. */
    Simulation(StepCost cost, Traffic traffic, Deployment deployment, boolean looksAhead) {
        this.cost = cost;
        this.traffic = traffic;
        this.deployment = deployment;
        hop = Math.round(deployment.hopMillis() * 1e6);
        this.looksAhead = looksAhead;
        seen = new Observations(
                traffic.requests(),
                () -> workers.stream().mapToLong(Worker::busy).sum());
        schedule = traffic.schedule();
        long most = deployment.queueTokens() * deployment.workers();
        admission = new Admission(new Admission.Limits(most, most), agenda::now);
    }

    /**
     * Runs it, once.
     *
     * @throws InvalidInputException if requests are left and no worker will ever do them
     */
    public Outcome run() {
        int vocabulary = traffic.explanation().high() + 2;
        SequenceLimits limits =
                new SequenceLimits(deployment.slots(), traffic.slotLength(SimulatedRequest.FORCED_TOKENS), vocabulary);
        for (int i = 0; i < deployment.workers(); i++) {
            Worker worker = new Worker(agenda, cost, limits, deployment, looksAhead, new Ears());
            workers.add(worker);
            ask(worker);
        }
        deployment.failures().forEach(failure -> agenda.after(nanos(failure.atSeconds()), () -> fail(failure)));
        if (traffic.arrivals().kind() == Arrivals.Kind.CLOSED) {
            agenda.after(0, () -> {
                for (int client = 0; client < traffic.arrivals().count(); client++) {
                    arrive();
                }
            });
        } else {
            expectNext();
        }
        agenda.run();
        if (!open.isEmpty()) {
            throw new InvalidInputException(open.size()
                    + " requests can never end, as no worker is left; let workers come back, or fewer of them fail");
        }
        return seen.outcome(deployment, agenda.now());
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * NANOS);
    }

    private void expectNext() {
        if (arrivals < schedule.length) {
            agenda.after(schedule[arrivals] - agenda.now(), () -> {
                arrive();
                expectNext();
            });
        }
    }

    private void arrive() {
        if (arrivals == traffic.requests()) {
            return;
        }
        int number = arrivals++;
        SimulatedRequest request = new SimulatedRequest(traffic, number, agenda.now());
        seen.arrived(agenda.now());
        try {
            request.admitted(admission.acquire(request.estimatedTokens(), request.priority()));
        } catch (RerankException refusal) {
            seen.refused();
            // A client of a closed loop comes back when it is told to; an open loop's is gone.
            refusal.retryAfter().ifPresent(wait -> answered(wait.toNanos()));
            return;
        }
        open.put(request, number);
        seen.accepted(agenda.now());
        request.cut(deployment.taskDocuments()).forEach(queue::add);
        if (Double.isFinite(traffic.deadlineSeconds())) {
            agenda.after(nanos(traffic.deadlineSeconds()), () -> deadline(request));
        }
    }

    private void answered(long wait) {
        if (traffic.arrivals().kind() == Arrivals.Kind.CLOSED) {
            agenda.after(wait, this::arrive);
        }
    }

    private void ask(Worker worker) {
        if (worker.wantsTask()) {
            queue.ask(worker);
        }
    }

    private void deadline(SimulatedRequest request) {
        if (!open.containsKey(request)) {
            return;
        }
        request.deadline();
        for (Task task : request.tasks()) {
            Worker worker = task.worker();
            if (worker == null) {
                seen.expired(endAll(task));
            } else {
                worker.conclude(task);
            }
        }
        settle(request);
    }

    private long endAll(Task task) {
        long ended = 0;
        for (int document = 0; document < task.count(); document++) {
            ended += task.request().end(task.index(document)) ? 1 : 0;
        }
        return ended;
    }

    private void settle(SimulatedRequest request) {
        if (request.over()) {
            Integer number = open.remove(request);
            if (number != null) {
                request.leave();
                seen.requestEnded(number, request, agenda.now(), hop);
                answered(hop);
            }
        }
    }

    private void fail(Deployment.Failure failure) {
        List<Worker> living =
                new ArrayList<>(workers.stream().filter(Worker::alive).toList());
        Collections.shuffle(living, new Random(traffic.seed()));
        int dying = (int) Math.min(living.size(), Math.round(failure.share() * workers.size()));
        for (Worker worker : living.subList(0, dying)) {
            queue.forget(worker);
            for (Task orphan : worker.die()) {
                agenda.after(nanos(deployment.idleSeconds()), () -> handOn(orphan));
            }
            if (Double.isFinite(failure.downSeconds())) {
                agenda.after(nanos(failure.downSeconds()), () -> {
                    worker.begin();
                    ask(worker);
                });
            }
        }
    }

    private void handOn(Task task) {
        if (!open.containsKey(task.request()) || task.request().isPastDeadline()) {
            return;
        }
        if (task.attempts() == MOST_ATTEMPTS) {
            seen.failed(endAll(task));
            settle(task.request());
        } else {
            seen.repeated(task.count());
            queue.handOn(task);
        }
    }

    /** Before when a worker that asks gets no task, whatever the sizes of requests: those before it come first. */
    private long nothingBefore(Worker worker) {
        if (schedule.length == 0 || !deployment.failures().isEmpty()) {
            return agenda.now();
        }
        int each = deployment.taskDocuments();
        int mostTasks = each == 0 ? 1 : (traffic.documents().high() + each - 1) / each;
        long requests = (queue.tasksUntil(worker) + mostTasks - 1) / mostTasks;
        long number = arrivals + requests - 1;
        return number < schedule.length ? schedule[(int) number] : Long.MAX_VALUE;
    }

    /** Hears all workers. */
    private final class Ears implements Worker.Listener {

        @Override
        public void firstToken(Task task, long time) {
            task.request().token(time);
        }

        @Override
        public void ended(Task task, int document, SequenceEvent end) {
            if (task.request().end(task.index(document))) {
                seen.documentEnded(end);
                settle(task.request());
            }
        }

        @Override
        public void hasRoom(Worker worker) {
            ask(worker);
        }

        @Override
        public void stepped(int chunks) {
            seen.stepped(chunks);
        }

        @Override
        public long nothingBefore(Worker asking) {
            return Simulation.this.nothingBefore(asking);
        }

        @Override
        public long quietUntil(Task task) {
            double deadline = task.request().arrival() + traffic.deadlineSeconds() * NANOS;
            long until = deadline < Long.MAX_VALUE ? (long) deadline : Long.MAX_VALUE;
            for (Deployment.Failure failure : deployment.failures()) {
                long time = nanos(failure.atSeconds());
                until = time > agenda.now() ? Math.min(until, time) : until;
            }
            return until;
        }
    }
}

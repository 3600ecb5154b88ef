package dev.whyrank.cluster;

import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.TextAnalysis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's side: adds tasks, hears their results, and looks after those that nobody answers. Owns one thread that
 * reads and one that looks after leases and tasks. Safe for use by many threads.
 */
public final class ClusterGateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterGateway.class);

    private static final Duration TICK = Duration.ofMillis(250);
    private static final int TICKS_PER_CHECK = 4;
    private static final int ENTRIES_PER_CHECK = 500;

    /** Silence after which a task is looked for. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    /** A deadline's forced labels take a step or two; what is not here by then is given up. */
    private static final Duration AFTER_DEADLINE = Duration.ofSeconds(5);

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final String id = UUID.randomUUID().toString();
    private final RedisLink link;
    private final TaskQueue queue;
    private final Duration lease;
    private final ClusterView view;
    private final ClusterListener listener;
    private final Map<String, GatewayTask> open = new ConcurrentHashMap<>();
    private final AtomicBoolean depthAsked = new AtomicBoolean();
    private final ResultReader reader;
    private final ScheduledExecutorService ticker;
    private final Future<?> ticking;
    private volatile @Nullable ModelCard card;
    private long ticks;

    /**
     * Starts the gateway's side.
     *
     * @param own the model, if a worker is in this process; otherwise workers tell it
     */
    public ClusterGateway(
            RedisLink link, ClusterProperties properties, @Nullable ModelCard own, ClusterListener listener) {
        this.link = link;
        this.queue = new TaskQueue(link);
        this.lease = properties.gatewayLease();
        this.view = new ClusterView(properties.maxTokens());
        this.listener = listener;
        this.card = own;
        link.onReturn(() -> queue.lease(id, lease));
        reader = new ResultReader(link, queue.results(id), this::hear);
        ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "cluster-gateway");
            thread.setDaemon(true);
            return thread;
        });
        ticking = ticker.scheduleWithFixedDelay(this::guardedTick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Judges over the cluster; tasks wait in the lane of their request's priority. */
    public ClusterJudge judge(TextAnalysis analysis) {
        return new ClusterJudge(this, analysis);
    }

    /** Whether requests can be taken: Redis answers, and the model is known. */
    public boolean isReady() {
        return link.isReachable() && card != null;
    }

    /** The name of the workers' model; a word for none before the first has come. */
    public String model() {
        return card().map(ModelCard::model).orElse("unknown");
    }

    String id() {
        return id;
    }

    /** What judgements depend on besides their request; empty while no worker has said it. */
    public List<String> identity() {
        return card().map(ModelCard::identity).filter(known -> !known.isEmpty()).stream()
                .toList();
    }

    Optional<ModelCard> card() {
        return Optional.ofNullable(card);
    }

    void admit(long tokens) {
        view.admit(tokens);
    }

    /** Hands tasks of one request to the workers. */
    Judge.Judging begin(List<TaskMessage> messages, Executor mailbox, Judge.Listener hearing) {
        Judge.Listener counted = new CountedListener(hearing, listener);
        List<GatewayTask> tasks = new ArrayList<>();
        for (TaskMessage message : messages) {
            GatewayTask task = new GatewayTask(message, counted, mailbox, this::ended, System.nanoTime());
            open.put(task.id(), task);
            tasks.add(task);
        }
        tasks.forEach(task -> add(task, false));
        return new Begun(List.copyOf(tasks));
    }

    private void add(GatewayTask task, boolean again) {
        if (again) {
            listener.addedAgain();
        }
        queue.add(task.again(System.nanoTime())).whenComplete((entry, failure) -> {
            if (failure == null) {
                task.addedAs(entry);
                if (task.ended()) {
                    forget(task.id(), task.lane(), entry);
                }
            }
        });
    }

    private void ended(GatewayTask task) {
        open.remove(task.id());
        listener.answered(Duration.ofNanos(System.nanoTime() - task.addedNanos()));
    }

    private void forget(String task, Lane lane, String entry) {
        queue.cancel(task, lane, entry).exceptionally(away -> 0L);
    }

    private void hear(Report report) {
        GatewayTask task = open.get(report.task());
        if (task != null) {
            task.hear(report, System.nanoTime());
        } else {
            // Ended here, so whoever still works on it need not.
            forget(report.task(), report.lane(), report.entry());
        }
    }

    private void guardedTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.warn("A look at the cluster failed", e);
        }
    }

    private void tick() {
        listener.reachable(link.isReachable());
        if (!link.isReachable()) {
            return;
        }
        queue.lease(id, lease).exceptionally(away -> "");
        look();
        if (ticks++ % TICKS_PER_CHECK == 0) {
            readCard();
            addTheUnadded();
            for (Lane lane : Lane.values()) {
                check(lane);
            }
        }
    }

    private void look() {
        if (!depthAsked.compareAndSet(false, true)) {
            return;
        }
        queue.depth().whenComplete((depth, failure) -> {
            depthAsked.set(false);
            if (failure == null) {
                view.seen(depth, System.nanoTime());
                listener.queue(depth.tasks(), depth.tokens());
            }
        });
    }

    private void readCard() {
        queue.card().whenComplete((text, failure) -> {
            if (failure == null && text != null) {
                card = Wire.read(text, ModelCard.class);
            }
        });
    }

    private boolean silent(GatewayTask task) {
        return System.nanoTime() - task.heardNanos() > SILENCE.toNanos();
    }

    private void addTheUnadded() {
        open.values().stream()
                .filter(task -> task.entry() == null && silent(task))
                .forEach(task -> add(task, true));
    }

    /** Looks for the silent tasks of a lane; what is not there, twice, Redis has lost. */
    private void check(Lane lane) {
        List<GatewayTask> silent = open.values().stream()
                .filter(task -> task.lane() == lane && task.entry() != null && silent(task))
                .toList();
        for (int from = 0; from < silent.size(); from += ENTRIES_PER_CHECK) {
            List<GatewayTask> some = silent.subList(from, Math.min(silent.size(), from + ENTRIES_PER_CHECK));
            List<String> entries =
                    some.stream().map(task -> String.valueOf(task.entry())).toList();
            queue.present(lane, entries).whenComplete((present, failure) -> {
                if (failure == null) {
                    some.forEach(task -> checked(task, present.contains(task.entry())));
                }
            });
        }
    }

    private void checked(GatewayTask task, boolean present) {
        if (present) {
            task.present();
        } else if (task.absent() && silent(task) && !task.ended()) {
            add(task, true);
        }
    }

    private void takeBack(GatewayTask task) {
        String entry = task.entry();
        if (entry != null) {
            forget(task.id(), task.lane(), entry);
        }
        task.withdraw();
    }

    private void concludeSoon(GatewayTask task) {
        String entry = task.entry();
        if (entry == null) {
            takeBack(task);
            return;
        }
        queue.say("conclude", task.id());
        queue.withdraw(task.id(), task.lane(), entry).whenComplete((gone, failure) -> {
            if (failure == null && gone > 0) {
                task.withdraw();
            }
        });
    }

    /** What has not ended is left to whoever closes: its documents have nobody to hear them any more. */
    @Override
    public void close() {
        ticking.cancel(false);
        ticker.shutdownNow();
        reader.close();
        open.values().forEach(this::takeBack);
        try {
            queue.leave(id).toCompletableFuture().get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Redis did not hear that this gateway ends; its lease will run out", e);
        }
    }

    /** The tasks of one request. */
    private final class Begun implements Judge.Judging {

        private final List<GatewayTask> tasks;

        Begun(List<GatewayTask> tasks) {
            this.tasks = tasks;
        }

        @Override
        public void cancel() {
            tasks.stream().filter(task -> !task.ended()).forEach(ClusterGateway.this::takeBack);
        }

        @Override
        public void conclude() {
            tasks.stream().filter(task -> !task.ended()).forEach(ClusterGateway.this::concludeSoon);
            CompletableFuture.delayedExecutor(AFTER_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(this::cancel);
        }
    }
}

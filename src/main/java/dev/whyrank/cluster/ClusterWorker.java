package dev.whyrank.cluster;

import dev.whyrank.rerank.Judge;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's side: pulls tasks while it has slots for them and has its judge judge them. Owns a thread that pulls, one
 * that renews what is worked on, and a pool that prepares and reads; the judge belongs to the caller and must outlive it.
 */
public final class ClusterWorker implements AutoCloseable, WorkerTask.Host {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterWorker.class);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int RENEWALS = 4;
    private static final Duration CARD_LIFE = Duration.ofMinutes(1);

    private final String id = UUID.randomUUID().toString();
    private final RedisLink link;
    private final TaskQueue queue;
    private final Judge judge;
    private final ModelCard card;
    private final int attempts;
    private final ClusterListener listener;
    private final BooleanSupplier fit;
    private final Slots slots;
    private final TaskSource source;
    private final Map<String, WorkerTask> running = new ConcurrentHashMap<>();
    private final ExecutorService pool;
    private final ScheduledExecutorService timer;
    private final Future<?> renewing;
    private final Thread puller;
    private volatile boolean pulling = true;
    private @Nullable StatefulRedisPubSubConnection<String, String> words;

    /**
     * How much a worker does at once.
     *
     * @param documents that the judge works on
     * @param threads that prepare prompts and read answers
     */
    public record Size(int documents, int threads) {}

    /**
     * Starts to work.
     *
     * @param judge judges; belongs to the caller and must outlive the worker
     * @param fit whether the judge can; while it cannot, tasks are left to other workers
     */
    public ClusterWorker(
            RedisLink link,
            ClusterProperties properties,
            Judge judge,
            ModelCard card,
            Size size,
            ClusterListener listener,
            BooleanSupplier fit) {
        this.link = link;
        this.queue = new TaskQueue(link);
        this.judge = judge;
        this.card = card;
        this.attempts = properties.attempts();
        this.listener = listener;
        this.fit = fit;
        this.slots = new Slots(size.documents());
        this.source = new TaskSource(link, queue, id, properties.claimAfter());
        pool = Executors.newFixedThreadPool(size.threads(), threads("cluster-worker-"));
        timer = Executors.newSingleThreadScheduledExecutor(threads("cluster-renewals-"));
        long period = properties.claimAfter().toMillis() / RENEWALS;
        renewing = timer.scheduleWithFixedDelay(this::renew, 0, period, TimeUnit.MILLISECONDS);
        puller = threads("cluster-tasks-").newThread(this::pull);
        puller.start();
    }

    private static ThreadFactory threads(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private void pull() {
        Duration pause = PAUSE;
        try {
            while (pulling) {
                slots.awaitTask();
                awaitFitness();
                try {
                    listen();
                    source.next().ifPresent(this::take);
                    pause = PAUSE;
                } catch (RuntimeException e) {
                    link.complain("Pulling a task", e);
                    if (RedisLink.isSilence(e)) {
                        letGo();
                    }
                    Thread.sleep(pause.toMillis());
                    Duration twice = pause.multipliedBy(2);
                    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("no more tasks are pulled", e);
        } finally {
            source.close();
        }
    }

    /** Documents that fail fast would drain the whole queue. */
    private void awaitFitness() throws InterruptedException {
        boolean said = false;
        while (pulling && !fit.getAsBoolean()) {
            if (!said) {
                said = true;
                LOG.error("The model cannot judge any more; no more tasks are taken");
            }
            Thread.sleep(LONGEST_PAUSE.toMillis());
        }
    }

    private void take(Claimed claimed) {
        WorkerTask task = new WorkerTask(claimed, judge, queue, pool, this);
        Long deadline = claimed.task().deadlineMillis();
        // Asks Redis, which may be away: nothing is taken before it has answered.
        long left = deadline == null ? 0 : Math.max(0, deadline - source.waitedMillis(claimed.entry()));
        slots.take(task.documents());
        running.put(claimed.task().id(), task);
        if (claimed.deliveries() > 1) {
            listener.claimed();
        }
        if (deadline != null) {
            task.ends(timer.schedule(task::conclude, left, TimeUnit.MILLISECONDS));
        }
        if (claimed.attempt() > attempts) {
            task.giveUp(attempts);
        } else {
            task.begin();
        }
        if (!pulling) {
            release(task);
        }
    }

    /** The next try connects anew; what is said meanwhile is noticed at the next renewal. */
    private void letGo() {
        source.close();
        link.release(words);
        words = null;
    }

    /** Hears what gateways say about single tasks; what is not heard is noticed at the next renewal. */
    private void listen() {
        if (words != null) {
            return;
        }
        StatefulRedisPubSubConnection<String, String> hearing = link.messages();
        hearing.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                int space = message.indexOf(' ');
                heard(message.substring(0, space), message.substring(space + 1));
            }
        });
        try {
            hearing.sync().subscribe(queue.control());
        } catch (RuntimeException e) {
            link.release(hearing);
            throw e;
        }
        words = hearing;
    }

    private void heard(String word, String id) {
        WorkerTask task = running.get(id);
        if (task != null && word.equals("cancel")) {
            task.stop();
        } else if (task != null && word.equals("conclude")) {
            task.conclude();
        }
    }

    private void renew() {
        try {
            if (!link.isReachable()) {
                return;
            }
            queue.publish(card, CARD_LIFE).exceptionally(away -> "");
            running.values().forEach(this::renew);
        } catch (RuntimeException e) {
            LOG.warn("Renewing what is worked on failed", e);
        }
    }

    private void renew(WorkerTask task) {
        Claimed claimed = task.claimed();
        queue.renew(claimed.task().lane(), id, claimed.entry()).thenAccept(state -> {
            if (state < 1) {
                task.stop();
            }
        });
    }

    @Override
    public void freed(int documents) {
        slots.give(documents);
    }

    @Override
    public void over(WorkerTask task) {
        running.remove(task.claimed().task().id(), task);
        task.callOffDeadline();
    }

    /**
     * Takes no more tasks and lets those at work end; what has not by then is left to other workers.
     *
     * @return whether all ended
     */
    public boolean drain(Duration patience) {
        pulling = false;
        boolean idle = false;
        try {
            idle = slots.awaitIdle(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.values().forEach(this::release);
        return idle;
    }

    private void release(WorkerTask task) {
        Claimed claimed = task.claimed();
        task.stop();
        queue.release(claimed.task().lane(), id, claimed.entry()).exceptionally(away -> null);
    }

    /** Drains without patience and ends the threads. */
    @Override
    public void close() {
        drain(Duration.ZERO);
        renewing.cancel(false);
        timer.shutdownNow();
        puller.interrupt();
        try {
            puller.join(PAUSE.toMillis() * 20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        link.release(words);
        pool.shutdown();
    }
}

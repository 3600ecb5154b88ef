package dev.whyrank.batch;

import dev.whyrank.rerank.RerankException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on the batches of a store, oldest first, a few lines at a time, and holds no more batches than that, so that
 * other processes find some, too. All state belongs to its one thread; what ends
 * elsewhere, or is asked for, is handed to it.
 */
public final class BatchRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchRunner.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BatchStore store;
    private final LineWork work;
    private final Settings settings;
    private final InstantSource clock;
    private final String holder;
    private final ScheduledExecutorService thread;
    private final Map<String, HeldBatch> held = new LinkedHashMap<>();
    private Instant pausedUntil = Instant.MIN;
    private boolean failing;

    /**
     * How much, and how often to look.
     *
     * @param atOnce lines of all batches together that are worked on
     * @param lease how long a batch waits for a process that has gone, before another takes it over
     * @param period between looks at the store; a batch made here is looked at without waiting
     */
    public record Settings(int atOnce, Duration lease, Duration period) {}

    /**
     * Begins to look for batches.
     *
     * @param holder names this process to the others
     */
    public BatchRunner(BatchStore store, LineWork work, Settings settings, InstantSource clock, String holder) {
        this.store = store;
        this.work = work;
        this.settings = settings;
        this.clock = clock;
        this.holder = holder;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "batches");
            made.setDaemon(true);
            return made;
        });
        long nanos = settings.period().toNanos();
        var unused = thread.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Looks at the store now: there is a new batch, or one to stop. */
    public void wake() {
        hand(this::look);
    }

    private void hand(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The service is stopping; what a batch still lacks is done when it is back");
        }
    }

    /** A store that cannot be reached is said once, and once more when it is back. */
    private void look() {
        try {
            store.open().forEach(this::takeUp);
            held.values().removeIf(batch -> !batch.keep());
            advance();
            if (failing) {
                failing = false;
                LOG.info("Batches go on");
            }
        } catch (Throwable e) {
            // An Error, too: it would end the looking for good, without a word.
            if (!failing) {
                failing = true;
                LOG.warn("Batches wait: {}", e.toString());
            }
        }
    }

    private void takeUp(String id) {
        if (!held.containsKey(id) && held.size() < settings.atOnce() && store.hold(id, holder, settings.lease())) {
            held.put(id, new HeldBatch(id, store, holder, settings.lease(), clock));
        }
    }

    private void advance() {
        int running = held.values().stream().mapToInt(HeldBatch::running).sum();
        for (HeldBatch batch : held.values()) {
            while (running < settings.atOnce() && !clock.instant().isBefore(pausedUntil) && begin(batch)) {
                running++;
            }
        }
        held.values().removeIf(HeldBatch::endIfDone);
    }

    private boolean begin(HeldBatch batch) {
        Integer number = batch.next();
        if (number == null) {
            return false;
        }
        boolean known = false;
        try {
            Optional<String> text = store.line(batch.id(), number);
            text.ifPresent(line -> begin(batch, number, line));
            known = true;
        } finally {
            if (!known) {
                batch.putBack(number);
            }
        }
        return true;
    }

    private void begin(HeldBatch batch, int number, String text) {
        CompletableFuture<LineResult> result = work.begin(batch.id(), number, text);
        batch.begun(number, result);
        var unused = result.whenComplete((line, failure) -> hand(() -> ended(batch, number, line, failure)));
    }

    private void ended(HeldBatch batch, int number, @Nullable LineResult line, @Nullable Throwable failure) {
        try {
            if (line == null) {
                batch.putBack(number);
                pause(failure);
            } else {
                batch.finish(number, line);
            }
        } catch (RuntimeException e) {
            // Not told to the store, so done once more.
            batch.putBack(number);
            pause(e);
        }
        look();
    }

    private void pause(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof CancellationException) {
            return;
        }
        Duration wait = SHORTEST_PAUSE;
        if (cause instanceof RerankException refused) {
            wait = refused.retryAfter().orElse(SHORTEST_PAUSE);
        } else {
            LOG.warn("A line of a batch did not end and is tried again", cause);
        }
        pausedUntil = clock.instant().plus(wait);
    }

    /** Stops what runs and lets others take the batches up. */
    @Override
    public void close() {
        hand(() -> {
            held.values().forEach(HeldBatch::letGo);
            held.clear();
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

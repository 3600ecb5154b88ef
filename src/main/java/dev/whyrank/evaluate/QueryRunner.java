package dev.whyrank.evaluate;

import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.Reranker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps several queries in the reranker at once, so that it can batch across them. Belongs to one thread, on which every
 * outcome is delivered; the reranker's threads only put outcomes into a queue.
 */
final class QueryRunner {

    private static final Duration DEFAULT_RETRY = Duration.ofMillis(200);
    private static final int MAX_RETRIES = 300;

    private final Reranker reranker;
    private final Options options;
    private final int inFlightLimit;
    private final LongSupplier nanoTime;
    private final BlockingQueue<QueryOutcome> finished = new LinkedBlockingQueue<>();
    private int inFlight;
    private long busySince;
    private long busyNanos;

    QueryRunner(Reranker reranker, Options options, int inFlightLimit, LongSupplier nanoTime) {
        this.reranker = reranker;
        this.options = options;
        this.inFlightLimit = inFlightLimit;
        this.nanoTime = nanoTime;
    }

    /** Runs all tasks and returns after the last one's outcome has been delivered; they end in any order. */
    void run(TestCollection collection, List<QueryTask> tasks, Consumer<QueryOutcome> done)
            throws InterruptedException {
        Deque<QueryTask> waiting = new ArrayDeque<>(tasks);
        while (!waiting.isEmpty() || inFlight > 0) {
            QueryTask next = inFlight < inFlightLimit ? waiting.poll() : null;
            if (next == null) {
                deliver(finished.take(), done);
            } else {
                start(collection, next, done);
            }
        }
    }

    /** The time during which the reranker had at least one query. */
    Duration busy() {
        return Duration.ofNanos(busyNanos);
    }

    private void start(TestCollection collection, QueryTask task, Consumer<QueryOutcome> done)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            OutcomeCollector collector = new OutcomeCollector(task, nanoTime, finished::add);
            if (task.candidates().isEmpty()) {
                done.accept(collector.refused("the first stage found nothing"));
                return;
            }
            try {
                entered();
                reranker.rerank(task.request(collection, options), collector);
                return;
            } catch (RerankException e) {
                left();
                if (!e.code().retryable() || attempt == MAX_RETRIES) {
                    done.accept(collector.refused(e.code() + ": " + e.getMessage()));
                    return;
                }
                awaitRoom(e.retryAfter().orElse(DEFAULT_RETRY), done);
            }
        }
    }

    /** The reranker is full: it has room again once a query ends, or after a while if the queries are others'. */
    private void awaitRoom(Duration atMost, Consumer<QueryOutcome> done) throws InterruptedException {
        @Nullable QueryOutcome outcome = finished.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (outcome != null) {
            deliver(outcome, done);
        }
    }

    private void deliver(QueryOutcome outcome, Consumer<QueryOutcome> done) {
        left();
        done.accept(outcome);
    }

    private void entered() {
        if (inFlight++ == 0) {
            busySince = nanoTime.getAsLong();
        }
    }

    private void left() {
        if (--inFlight == 0) {
            busyNanos += nanoTime.getAsLong() - busySince;
        }
    }
}

package dev.whyrank.batch;

import dev.whyrank.rerank.RerankException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A batch that this process holds: which lines wait and which run. Belongs to the runner's thread. */
final class HeldBatch {

    private static final Logger LOG = LoggerFactory.getLogger(HeldBatch.class);

    /** Of a lease, after which it is renewed. */
    private static final int RENEWALS = 3;

    private final String id;
    private final BatchStore store;
    private final String holder;
    private final Duration lease;
    private final InstantSource clock;
    private final NavigableSet<Integer> waiting;
    private final Map<Integer, CompletableFuture<LineResult>> running = new HashMap<>();
    private Instant renewAt;
    private boolean cancelling;

    HeldBatch(String id, BatchStore store, String holder, Duration lease, InstantSource clock) {
        this.id = id;
        this.store = store;
        this.holder = holder;
        this.lease = lease;
        this.clock = clock;
        this.waiting = new TreeSet<>(store.unfinished(id));
        this.renewAt = clock.instant().plus(lease.dividedBy(RENEWALS));
    }

    String id() {
        return id;
    }

    int running() {
        return running.size();
    }

    /** Renews the lease in time and looks whether the batch is to stop; false if it is somebody else's now, or gone. */
    boolean keep() {
        Instant now = clock.instant();
        if (!now.isBefore(renewAt)) {
            if (!store.hold(id, holder, lease)) {
                stop();
                return false;
            }
            renewAt = now.plus(lease.dividedBy(RENEWALS));
        }
        Optional<Batch> batch = store.find(id);
        if (batch.isEmpty() || batch.get().status().ended()) {
            stop();
            return false;
        }
        if (batch.get().status() == Batch.Status.CANCELLING && !cancelling) {
            cancelling = true;
            stop();
        }
        return true;
    }

    private void stop() {
        waiting.clear();
        running.values().forEach(line -> line.cancel(true));
    }

    /** Takes the next line off those that wait. */
    @Nullable
    Integer next() {
        return waiting.pollFirst();
    }

    void begun(int number, CompletableFuture<LineResult> result) {
        running.put(number, result);
    }

    void putBack(int number) {
        running.remove(number);
        if (!cancelling) {
            waiting.add(number);
        }
    }

    void finish(int number, LineResult result) {
        store.finish(id, number, result);
        running.remove(number);
    }

    /** Whether this was the last of it. */
    boolean endIfDone() {
        if (!waiting.isEmpty() || !running.isEmpty()) {
            return false;
        }
        store.end(id, cancelling ? Batch.Status.CANCELLED : Batch.Status.COMPLETED, clock.instant());
        store.letGo(id, holder);
        return true;
    }

    /** A store that cannot be told lets the lease run out. */
    void letGo() {
        stop();
        try {
            store.letGo(id, holder);
        } catch (RerankException e) {
            LOG.debug("A batch is held until its lease is over: {}", e.toString());
        }
    }
}

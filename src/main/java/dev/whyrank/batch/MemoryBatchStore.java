package dev.whyrank.batch;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keeps batches in this process, within a size; they end with it. There is one process, so a lease is always had. */
public final class MemoryBatchStore implements BatchStore {

    private static final Duration COME_BACK = Duration.ofSeconds(30);

    private final long maxBytes;
    private final Duration retention;
    private final InstantSource clock;
    private final Map<String, Kept> batches = new LinkedHashMap<>();
    private long bytes;

    private static final class Kept {
        final TreeMap<Integer, String> lines = new TreeMap<>();
        final TreeMap<Integer, String> results = new TreeMap<>();
        Batch batch;

        Kept(Batch batch) {
            this.batch = batch;
        }

        boolean isOver(Instant now, Duration retention) {
            Instant ended = batch.endedAt();
            return ended != null && !now.isBefore(ended.plus(retention));
        }
    }

    /**
     * Keeps nothing yet.
     *
     * @param maxBytes of lines and results; with more, new batches are refused, and lines of old ones end without a
     *     result
     * @param retention how long a batch is kept after its end
     */
    public MemoryBatchStore(long maxBytes, Duration retention, InstantSource clock) {
        this.maxBytes = maxBytes;
        this.retention = retention;
        this.clock = clock;
    }

    @Override
    public synchronized void add(Batch batch, List<String> lines) {
        forgetOld();
        long more = lines.stream().mapToLong(MemoryBatchStore::bytes).sum();
        if (bytes + more > maxBytes) {
            throw new RerankException(
                    ErrorCode.OVERLOADED,
                    "batches take all the room that they may have, try again later or raise whyrank.batches.max-size",
                    COME_BACK);
        }
        Kept kept = new Kept(batch);
        for (int i = 0; i < lines.size(); i++) {
            kept.lines.put(i + 1, lines.get(i));
        }
        bytes += more;
        batches.put(batch.id(), kept);
    }

    /** Two bytes a character, though most strings take one; never less than a refusal needs that takes its place. */
    private static long bytes(@Nullable String text) {
        return text == null ? 0 : 2L * Math.max(text.length(), LineResult.SHORT);
    }

    private void forgetOld() {
        Instant now = clock.instant();
        batches.values().removeIf(kept -> {
            boolean over = kept.isOver(now, retention);
            if (over) {
                kept.lines.values().forEach(text -> bytes -= bytes(text));
                kept.results.values().forEach(text -> bytes -= bytes(text));
            }
            return over;
        });
    }

    private @Nullable Kept kept(String id) {
        forgetOld();
        return batches.get(id);
    }

    @Override
    public synchronized Optional<Batch> find(String id) {
        return Optional.ofNullable(kept(id)).map(kept -> kept.batch);
    }

    @Override
    public synchronized List<String> open() {
        return batches.values().stream()
                .map(kept -> kept.batch)
                .filter(batch -> !batch.status().ended())
                .map(Batch::id)
                .toList();
    }

    @Override
    public synchronized boolean hold(String id, String holder, Duration lease) {
        return kept(id) != null;
    }

    @Override
    public void letGo(String id, String holder) {
        // Nobody else is waiting for it.
    }

    @Override
    public synchronized SortedSet<Integer> unfinished(String id) {
        Kept kept = kept(id);
        return kept == null ? new TreeSet<>() : new TreeSet<>(kept.lines.keySet());
    }

    @Override
    public synchronized Optional<String> line(String id, int number) {
        return Optional.ofNullable(kept(id)).map(kept -> kept.lines.get(number));
    }

    @Override
    public synchronized void finish(String id, int number, LineResult result) {
        Kept kept = kept(id);
        if (kept == null || !kept.lines.containsKey(number)) {
            return;
        }
        bytes -= bytes(kept.lines.remove(number));
        boolean fits = bytes + bytes(result.json()) <= maxBytes;
        String told = fits ? result.json() : result.noRoom();
        boolean answered = fits && result.answered();
        bytes += bytes(told);
        kept.results.put(number, told);
        Batch before = kept.batch;
        kept.batch = new Batch(
                before.id(),
                before.owner(),
                before.total(),
                before.completed() + (answered ? 1 : 0),
                before.failed() + (answered ? 0 : 1),
                before.status(),
                before.createdAt(),
                before.endedAt());
    }

    @Override
    public synchronized void cancel(String id) {
        Kept kept = kept(id);
        if (kept != null && !kept.batch.status().ended()) {
            kept.batch = with(kept.batch, Batch.Status.CANCELLING, null);
        }
    }

    @Override
    public synchronized void end(String id, Batch.Status status, Instant now) {
        Kept kept = kept(id);
        if (kept != null && !kept.batch.status().ended()) {
            kept.lines.values().forEach(text -> bytes -= bytes(text));
            kept.lines.clear();
            kept.batch = with(kept.batch, status, now);
        }
    }

    private static Batch with(Batch batch, Batch.Status status, @Nullable Instant endedAt) {
        return new Batch(
                batch.id(),
                batch.owner(),
                batch.total(),
                batch.completed(),
                batch.failed(),
                status,
                batch.createdAt(),
                endedAt);
    }

    @Override
    public synchronized SortedMap<Integer, String> results(String id, int from, int to) {
        Kept kept = kept(id);
        return kept == null ? new TreeMap<>() : new TreeMap<>(kept.results.subMap(from, to));
    }
}

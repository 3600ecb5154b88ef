package dev.whyrank.rerank.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.whyrank.rerank.Judgement;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/** Remembers judgements in this process: the ones that are used most, up to a size, for a time. */
public final class MemoryResultStore implements ResultStore {

    /** Objects, references and the key of one entry, apart from its texts and numbers. */
    private static final int ENTRY_BYTES = 512;

    private static final int BYTES_PER_LABEL = 40;

    private final Cache<String, CachedResult> cache;

    /**
     * Remembers nothing yet.
     *
     * @param maxBytes of heap, estimated
     * @param timeToLive after which a judgement is made anew
     */
    public MemoryResultStore(long maxBytes, Duration timeToLive) {
        this(maxBytes, timeToLive, Ticker.systemTicker());
    }

    /** For tests: time is given from outside, and evictions happen on the caller's thread. */
    MemoryResultStore(long maxBytes, Duration timeToLive, Ticker ticker) {
        this.cache = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String key, CachedResult result) -> bytes(result))
                .expireAfterWrite(timeToLive)
                .ticker(ticker)
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    @Override
    public Map<String, CachedResult> find(Collection<String> keys) {
        return cache.getAllPresent(keys);
    }

    @Override
    public void keep(String key, CachedResult result) {
        cache.put(key, result);
    }

    /** For meters. */
    public Cache<String, CachedResult> cache() {
        return cache;
    }

    /** Two bytes a character, though most strings take one: an estimate that errs keeps the limit. */
    private static int bytes(CachedResult result) {
        Judgement judgement = result.judgement();
        long texts = 2L * judgement.explanation().length()
                + result.warnings().stream()
                        .mapToLong(text -> 2L * text.length())
                        .sum();
        long numbers = (long) BYTES_PER_LABEL * judgement.labels().size();
        return (int) Math.min(Integer.MAX_VALUE, ENTRY_BYTES + texts + numbers);
    }
}

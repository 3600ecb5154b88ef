package dev.whyrank.cluster;

import dev.whyrank.rerank.cache.CachedResult;
import dev.whyrank.rerank.cache.ResultStore;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Judgements that all processes of a deployment share. Keys are digests, values are JSON and end by themselves. A Redis
 * that is slow or away is left alone for a while, so that requests wait for it once and not one after the other.
 */
public final class RedisResultStore implements ResultStore {

    private static final Logger LOG = LoggerFactory.getLogger(RedisResultStore.class);

    /** Of the layout of values; what another version has written is not found. */
    private static final String LAYOUT = "result1";

    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final Duration REST = Duration.ofSeconds(2);

    private final RedisLink link;
    private final long ttlMillis;
    private final AtomicBoolean away = new AtomicBoolean();
    private volatile long restsUntil = System.nanoTime();

    /**
     * A store over a link, which stays the caller's.
     *
     * @param timeToLive after which Redis forgets a judgement
     */
    public RedisResultStore(RedisLink link, Duration timeToLive) {
        this.link = link;
        this.ttlMillis = timeToLive.toMillis();
    }

    @Override
    public Map<String, CachedResult> find(Collection<String> keys) {
        if (keys.isEmpty() || rests()) {
            return Map.of();
        }
        List<String> asked = List.copyOf(keys);
        try {
            List<KeyValue<String, String>> values = link.shared()
                    .async()
                    .mget(asked.stream().map(this::key).toArray(String[]::new))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            answered();
            return read(asked, values);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        } catch (RedisException | ExecutionException | TimeoutException e) {
            failed(e);
            return Map.of();
        }
    }

    private boolean rests() {
        return restsUntil - System.nanoTime() > 0;
    }

    private String key(String digest) {
        return link.keys().of(LAYOUT, digest);
    }

    private static Map<String, CachedResult> read(List<String> asked, List<KeyValue<String, String>> values) {
        Map<String, CachedResult> found = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            if (values.get(i).hasValue()) {
                try {
                    found.put(asked.get(i), Wire.read(values.get(i).getValue(), CachedResult.class));
                } catch (JacksonException e) {
                    LOG.debug("A judgement in Redis cannot be read and is made anew");
                }
            }
        }
        return found;
    }

    @Override
    public void keep(String key, CachedResult result) {
        if (rests()) {
            return;
        }
        try {
            var unused = link.shared()
                    .async()
                    .psetex(key(key), ttlMillis, Wire.write(result))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            failed(failure);
                        }
                    });
        } catch (RedisException e) {
            failed(e);
        }
    }

    private void answered() {
        if (away.compareAndSet(true, false)) {
            LOG.info("The result cache in Redis answers again");
        }
    }

    private void failed(Throwable cause) {
        restsUntil = System.nanoTime() + REST.toNanos();
        if (away.compareAndSet(false, true)) {
            LOG.warn("The result cache in Redis does not answer, judging without it: {}", cause.toString());
        }
    }
}

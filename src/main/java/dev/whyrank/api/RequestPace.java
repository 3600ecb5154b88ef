package dev.whyrank.api;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How often each key may ask: a bucket that holds a minute's requests and fills up evenly. Any thread may ask. */
final class RequestPace {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int perMinute;
    private final List<Bucket> buckets;

    /**
     * One bucket for each key.
     *
     * @param perMinute requests of a key, or 0 for any number
     */
    RequestPace(int perMinute, int keys) {
        this.perMinute = perMinute;
        this.buckets = perMinute == 0
                ? List.of()
                : Stream.generate(this::bucket).limit(keys).toList();
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, MINUTE))
                .build();
    }

    /** Takes one request of a key; or says why not, and when the next one is free. */
    Optional<RerankException> refuse(int key) {
        if (buckets.isEmpty()) {
            return Optional.empty();
        }
        ConsumptionProbe probe = buckets.get(key).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(new RerankException(
                        ErrorCode.RATE_LIMITED,
                        "this API key may send %d requests a minute".formatted(perMinute),
                        Duration.ofNanos(probe.getNanosToWaitForRefill())));
    }
}

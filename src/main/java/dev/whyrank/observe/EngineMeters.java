package dev.whyrank.observe;

import dev.whyrank.generate.EngineListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Meters of the engine. Told on its thread; the gauges are read by whoever scrapes. */
final class EngineMeters implements EngineListener {

    /** 2^16 tokens, 2^10 sequences: above every budget that is sensible. */
    private static final int TOKENS_EXPONENT = 16;

    private static final int SEQUENCES_EXPONENT = 10;

    private final Map<Kind, Timer> steps = new EnumMap<>(Kind.class);
    private final Timer perToken;
    private final DistributionSummary batchSize;
    private final DistributionSummary batchTokens;
    private final Map<Work, Counter> tokens = new EnumMap<>(Work.class);
    private volatile long capacity;
    private volatile long usedPositions;
    private volatile int running;
    private volatile int waiting;

    /** What a step computed. */
    private enum Kind {
        PREFILL,
        DECODE,
        /** Prompts beside running streams. */
        MIXED,
        ENCODE
    }

    /** What was done to tokens. */
    private enum Work {
        PREFILL,
        DECODE,
        COPIED,
        ENCODED
    }

    EngineMeters(MeterRegistry registry) {
        for (Kind kind : Kind.values()) {
            steps.put(kind, stepTimer(registry, kind));
        }
        for (Work work : Work.values()) {
            tokens.put(work, tokenCounter(registry, work));
        }
        perToken = Timer.builder("gen_ai.server.time_per_output_token")
                .description("Time in the model between two tokens of a running stream, once for each step")
                .tag(RerankMeters.OPERATION, RerankMeters.RERANK)
                .serviceLevelObjectives(Buckets.ofSteps())
                .register(registry);
        batchSize = summary(registry, "whyrank.batch.size", SEQUENCES_EXPONENT, "Sequences or texts in one step");
        batchTokens = summary(registry, "whyrank.batch.tokens", TOKENS_EXPONENT, "Tokens in one step");
        Gauge.builder("whyrank.running", () -> running)
                .description("Sequences with a slot")
                .register(registry);
        Gauge.builder("whyrank.waiting", () -> waiting)
                .description("Sequences that wait for a slot")
                .register(registry);
        Gauge.builder("whyrank.kv.usage", this::usage)
                .description("Share of the key-value cache's positions that are written, 0 to 1")
                .register(registry);
    }

    private static Timer stepTimer(MeterRegistry registry, Kind kind) {
        return Timer.builder("whyrank.step.duration")
                .description("Time of one step in the model")
                .tag("kind", name(kind))
                .serviceLevelObjectives(Buckets.ofSteps())
                .register(registry);
    }

    private static Counter tokenCounter(MeterRegistry registry, Work work) {
        return Counter.builder("whyrank.tokens")
                .description("Tokens that the models went through; copied ones cost next to nothing")
                .tag("type", name(work))
                .register(registry);
    }

    private static DistributionSummary summary(
            MeterRegistry registry, String name, int highestExponent, String description) {
        return DistributionSummary.builder(name)
                .description(description)
                .serviceLevelObjectives(Buckets.powers(highestExponent))
                .register(registry);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private double usage() {
        return capacity == 0 ? 0 : (double) usedPositions / capacity;
    }

    @Override
    public void capacity(long positions) {
        capacity = positions;
    }

    @Override
    public void step(int chunks, int prefillTokens, int decodeTokens, int copiedTokens, long nanos) {
        Kind kind = decodeTokens == 0 ? Kind.PREFILL : prefillTokens == 0 ? Kind.DECODE : Kind.MIXED;
        ran(kind, chunks, prefillTokens + decodeTokens, nanos);
        if (decodeTokens > 0) {
            perToken.record(nanos, TimeUnit.NANOSECONDS);
        }
        count(Work.PREFILL, prefillTokens);
        count(Work.DECODE, decodeTokens);
        count(Work.COPIED, copiedTokens);
    }

    @Override
    public void encoded(int texts, int tokens, long nanos) {
        ran(Kind.ENCODE, texts, tokens, nanos);
        count(Work.ENCODED, tokens);
    }

    private void ran(Kind kind, int size, int tokens, long nanos) {
        of(steps, kind).record(nanos, TimeUnit.NANOSECONDS);
        batchSize.record(size);
        batchTokens.record(tokens);
    }

    private void count(Work work, int amount) {
        of(tokens, work).increment(amount);
    }

    private static <K, V> V of(Map<K, V> meters, K key) {
        return Objects.requireNonNull(meters.get(key));
    }

    @Override
    public void state(int waiting, int running, long usedPositions, int slots) {
        this.waiting = waiting;
        this.running = running;
        this.usedPositions = usedPositions;
    }
}

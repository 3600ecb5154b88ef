package dev.whyrank.observe;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Meters of requests and documents. Told on many threads; Micrometer's meters are made for that. */
final class RerankMeters implements RerankObserver {

    /** OpenTelemetry's name for what kind of work a model does. */
    static final String OPERATION = "gen_ai.operation.name";

    static final String RERANK = "rerank";
    private static final String NO_ERROR = "none";

    private final MeterRegistry registry;
    private final Timer queued;
    private final Timer firstToken;
    private final Counter prefixQueries;
    private final Counter prefixHits;
    private final Counter cacheQueries;
    private final Counter cacheHits;
    private final Counter cancelled;
    private final Counter truncated;
    private volatile int requests;
    private volatile int documents;

    RerankMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("whyrank.queue.requests", () -> requests)
                .description("Requests that were accepted and have not ended")
                .register(registry);
        Gauge.builder("whyrank.queue.documents", () -> documents)
                .description("Documents of accepted requests that nobody works on yet")
                .register(registry);
        queued = timer("whyrank.queue.duration", "How long a request's first document waited for its turn")
                .register(registry);
        firstToken = timer("gen_ai.server.time_to_first_token", "From a request's acceptance to its first token")
                .tag(OPERATION, RERANK)
                .register(registry);
        prefixQueries = counter("whyrank.prefix.queries", "Prompt tokens of judged documents");
        prefixHits = counter("whyrank.prefix.hits", "Those of them that were copied from a shared prefix");
        cacheQueries = counter("whyrank.cache.queries", "Documents looked up in the result cache");
        cacheHits = counter("whyrank.cache.hits", "Those of them that needed no judging");
        cancelled = counter("whyrank.cancelled", "Requests whose client left before their end");
        truncated = counter("whyrank.truncated", "Judged documents that were cut to fit");
        registerAtZero();
    }

    /** A series that is there from the start has a rate from its first event on. */
    private void registerAtZero() {
        duration(NO_ERROR);
        for (LabelSource source : LabelSource.values()) {
            labels(source);
        }
        rejected(ErrorCode.OVERLOADED, 0);
        rejected(ErrorCode.NOT_READY, 0);
        rejected(ErrorCode.TOO_LARGE, 0);
        failed(ErrorCode.ENGINE_FAILURE, 0);
        failed(ErrorCode.DEADLINE_EXCEEDED, 0);
    }

    private static Timer.Builder timer(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(Buckets.ofRequests());
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private Timer duration(String error) {
        return timer("gen_ai.server.request.duration", "From a request's acceptance to its end")
                .tag(OPERATION, RERANK)
                .tag("error.type", error)
                .register(registry);
    }

    private Counter labels(LabelSource source) {
        return counter("whyrank.labels", "Labels given, by how they were found", "source", name(source));
    }

    private void rejected(ErrorCode code, int requests) {
        counter("whyrank.rejected", "Requests refused before any work", "reason", name(code))
                .increment(requests);
    }

    private void failed(ErrorCode code, int documents) {
        counter("whyrank.failed", "Documents of accepted requests that failed", "reason", name(code))
                .increment(documents);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void rejected(ErrorCode code) {
        rejected(code, 1);
    }

    @Override
    public void waiting(int requests, int documents) {
        this.requests = requests;
        this.documents = documents;
    }

    @Override
    public void queued(Duration wait) {
        queued.record(wait);
    }

    @Override
    public void firstToken(Duration wait) {
        firstToken.record(wait);
    }

    @Override
    public void lookedUp(int documents, int reused) {
        cacheQueries.increment(documents);
        cacheHits.increment(reused);
    }

    @Override
    public void judged(Judgement judgement) {
        labels(judgement.source()).increment();
        prefixQueries.increment(judgement.usage().promptTokens());
        prefixHits.increment(judgement.usage().cachedTokens());
        if (judgement.truncated()) {
            truncated.increment();
        }
    }

    @Override
    public void failed(ErrorCode code) {
        failed(code, 1);
    }

    @Override
    public void cancelled() {
        cancelled.increment();
    }

    @Override
    public void ended(RerankEvent.Timings timings, @Nullable ErrorCode failure) {
        duration(failure == null ? NO_ERROR : name(failure)).record(timings.total());
    }
}

package dev.whyrank.api;

import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Reranker;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/** A rerank request as one value: for answers that are one JSON body. */
@Component
public final class Reranking {

    private final Reranker reranker;

    Reranking(Reranker reranker) {
        this.reranker = reranker;
    }

    /**
     * Reranks on subscription; a subscriber that cancels frees the request's slots.
     *
     * <p>The value arrives on a thread of its own, so that writing a long answer never holds up the reranker. Fails with {@link RerankException} if the request is refused, fails as a whole, or its deadline passes before
     * any document is judged.
     */
    public Mono<RerankEvent.Completed> run(RerankRequest request) {
        return Mono.deferContextual(context -> Mono.<RerankEvent.Completed>create(sink -> {
                    Reranker.Handle handle = start(context, reranker, request, event -> deliver(event, sink));
                    sink.onCancel(handle::cancel);
                }))
                .publishOn(Schedulers.parallel());
    }

    /**
     * Starts a request with its id on whatever the reranker logs meanwhile, and within the trace of the exchange.
     *
     * @param context where Spring keeps the exchange's observation
     */
    static Reranker.Handle start(
            ContextView context, Reranker reranker, RerankRequest sent, Consumer<RerankEvent> listener) {
        RerankRequest request = CacheControlHeader.heeded(context, sent);
        Observation exchange = context.getOrDefault(ObservationThreadLocalAccessor.KEY, Observation.NOOP);
        Reranker.Handle handle = Objects.requireNonNull(exchange)
                .scoped(() -> RequestIds.logged(request.id(), () -> reranker.rerank(request, listener)));
        return Objects.requireNonNull(handle);
    }

    private static void deliver(RerankEvent event, MonoSink<RerankEvent.Completed> sink) {
        if (event instanceof RerankEvent.Failed failed) {
            sink.error(new RerankException(failed.code(), failed.message()));
        } else if (event instanceof RerankEvent.Completed completed) {
            sink.success(completed);
        }
    }
}

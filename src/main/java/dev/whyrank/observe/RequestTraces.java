package dev.whyrank.observe;

import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.function.Consumer;

/** Traces requests below the span that is current where they begin: the one of their HTTP exchange. */
final class RequestTraces implements RerankObserver {

    private final Tracer tracer;

    RequestTraces(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public Consumer<RerankEvent> begun(RerankRequest request, String model) {
        Span span = tracer.spanBuilder(RerankMeters.RERANK + " " + model)
                .setAttribute(RerankMeters.OPERATION, RerankMeters.RERANK)
                .setAttribute("gen_ai.request.model", model)
                .setAttribute("whyrank.request.id", request.id())
                .setAttribute("whyrank.documents", (long) request.candidates().size())
                .startSpan();
        return span.isRecording()
                ? new RequestTrace(tracer, span, span.storeInContext(Context.current()))
                : RequestTraces::ignore;
    }

    /** A request that is not sampled costs one span that records nothing. */
    private static void ignore(RerankEvent event) {}
}

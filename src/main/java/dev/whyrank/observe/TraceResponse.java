package dev.whyrank.observe;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Objects;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Tells a client the trace of its exchange, in the form of W3C Trace Context's response header. */
final class TraceResponse implements WebFilter {

    static final String HEADER = "traceresponse";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.deferContextual(context -> {
            Observation around = context.getOrDefault(ObservationThreadLocalAccessor.KEY, Observation.NOOP);
            Objects.requireNonNull(around).scoped(() -> {
                SpanContext span = Span.current().getSpanContext();
                if (span.isValid()) {
                    exchange.getResponse().getHeaders().set(HEADER, format(span));
                }
            });
            return chain.filter(exchange);
        });
    }

    private static String format(SpanContext span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                + span.getTraceFlags().asHex();
    }
}

package dev.whyrank.observe;

import io.micrometer.observation.ObservationPredicate;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.WebFilter;

/** What of an exchange is traced, and what its client hears of that. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    private static final String ACTUATOR = "/actuator";
    private static final Set<String> PROBES = Set.of("/health", "/ping", "/v2/health/live", "/v2/health/ready");

    /** Probes and scrapes come every few seconds and would bury everything else. */
    @Bean
    ObservationPredicate probesAreNotObserved() {
        return (name, context) ->
                !(context instanceof ServerRequestObservationContext exchange) || !isProbe(exchange.getCarrier());
    }

    private static boolean isProbe(@Nullable ServerHttpRequest request) {
        String path = request == null ? "" : request.getPath().value();
        return path.startsWith(ACTUATOR) || PROBES.contains(path);
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 1)
    WebFilter traceResponse(ObjectProvider<SpanExporter> exporters) {
        return isTraced(exporters) ? new TraceResponse() : (exchange, chain) -> chain.filter(exchange);
    }

    /** Traces are made only where there is somebody to send them to. */
    static boolean isTraced(ObjectProvider<SpanExporter> exporters) {
        return exporters.stream().findAny().isPresent();
    }
}

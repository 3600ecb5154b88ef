package dev.whyrank.cluster;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Of a worker, health and meters can be asked for, and nothing else: what it judges comes from gateways. */
@Component
@ConditionalOnProperty(name = "whyrank.cluster.role", havingValue = "worker")
@Order(Ordered.HIGHEST_PRECEDENCE)
final class WorkerPaths implements WebFilter {

    private static final List<String> OPEN = List.of("/actuator", "/health", "/ping", "/v2/health");

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        return OPEN.stream().anyMatch(open -> path.equals(open) || path.startsWith(open + "/"))
                ? chain.filter(exchange)
                : Mono.error(new RerankException(
                        ErrorCode.NOT_FOUND, "this process is a worker of a cluster; ask one of its gateways"));
    }
}

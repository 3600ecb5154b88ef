package dev.whyrank.api;

import dev.whyrank.rerank.LoggedRequests;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives every exchange an id, the client's own if it can be trusted in a log line, and sends it back. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class RequestIds implements WebFilter {

    /** The header, both ways. */
    public static final String HEADER = "X-Request-Id";

    private static final String ATTRIBUTE = RequestIds.class.getName();
    private static final int MAX_CHARS = 64;

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String id = take(exchange.getRequest().getHeaders().getFirst(HEADER));
        exchange.getAttributes().put(ATTRIBUTE, id);
        exchange.getResponse().getHeaders().set(HEADER, id);
        return chain.filter(exchange);
    }

    /** The exchange's id. */
    public static String of(ServerWebExchange exchange) {
        String id = exchange.getAttribute(ATTRIBUTE);
        return id == null ? make() : id;
    }

    /** Does work with an id on every line that it logs. */
    static <T> T logged(String id, Supplier<T> work) {
        MDC.put(LoggedRequests.MDC_KEY, id);
        try {
            return work.get();
        } finally {
            MDC.remove(LoggedRequests.MDC_KEY);
        }
    }

    /** The same without a result. */
    static void logged(String id, Runnable work) {
        MDC.put(LoggedRequests.MDC_KEY, id);
        try {
            work.run();
        } finally {
            MDC.remove(LoggedRequests.MDC_KEY);
        }
    }

    /** Keeps letters, digits and {@code . _ : -}, at most 64 of them; makes an id if nothing is left. */
    static String take(@Nullable String sent) {
        if (sent == null) {
            return make();
        }
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < sent.length() && kept.length() < MAX_CHARS; i++) {
            char c = sent.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._:-".indexOf(c) >= 0) {
                kept.append(c);
            }
        }
        return kept.isEmpty() ? make() : kept.toString();
    }

    private static String make() {
        return UUID.randomUUID().toString();
    }
}

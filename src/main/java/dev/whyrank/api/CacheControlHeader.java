package dev.whyrank.api;

import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Handling;
import dev.whyrank.rerank.RerankRequest.Reuse;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * What {@code Cache-Control} means here, on every path that judges: {@code no-cache} has everything judged anew and kept
 * for others, {@code no-store} leaves the result cache alone.
 */
@Component
final class CacheControlHeader implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Reuse reuse = reuse(exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.CACHE_CONTROL));
        Mono<Void> answer = chain.filter(exchange);
        return reuse == Reuse.ALL ? answer : answer.contextWrite(context -> context.put(Reuse.class, reuse));
    }

    static Reuse reuse(List<String> values) {
        List<String> directives = values.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(directive -> directive.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (directives.contains("no-store")) {
            return Reuse.NONE;
        }
        return directives.contains("no-cache") ? Reuse.REFRESH : Reuse.ALL;
    }

    /** The request as this exchange wants it handled. */
    static RerankRequest heeded(ContextView context, RerankRequest request) {
        return context.<Reuse>getOrEmpty(Reuse.class)
                .map(reuse ->
                        request.handled(new Handling(reuse, request.handling().priority())))
                .orElse(request);
    }
}

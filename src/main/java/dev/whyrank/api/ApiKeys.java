package dev.whyrank.api;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Asks for a key where one is configured: for everything that is not plainly reading, and for all of {@code /v1}. Pages,
 * documentation and health stay open. Paths are matched by the parser that also routes them, so no spelling of a path
 * reaches a handler around this filter. A key that asks too often has to wait; without keys, all callers share one pace.
 */
@Component
@Order(ApiKeys.ORDER)
public final class ApiKeys implements WebFilter {

    /** After request ids, security headers and CORS, so that a refusal carries theirs. */
    static final int ORDER = -100;

    private static final String CALLER = ApiKeys.class.getName();
    private static final PathPattern API = PathPatternParser.defaultInstance.parse("/v1/**");
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String BEARER = "bearer ";

    private final List<KeyDigest> keys;
    private final RequestPace pace;

    ApiKeys(WhyrankApiProperties properties) {
        this.keys = properties.apiKeys().stream().map(KeyDigest::parse).toList();
        this.pace = new RequestPace(properties.requestsPerMinute(), Math.max(1, keys.size()));
    }

    /**
     * Whose request this is: a digest of its key, or nothing where no keys are asked for. Of two requests with the same
     * key it is the same, here and in every process.
     */
    public static String caller(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(CALLER, "");
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!guarded(exchange.getRequest())) {
            return chain.filter(exchange);
        }
        if (keys.isEmpty()) {
            return paced(0, exchange, chain);
        }
        String sent = sentKey(exchange.getRequest().getHeaders());
        if (sent == null) {
            return Mono.error(new RerankException(
                    ErrorCode.UNAUTHORIZED, "send an API key as Authorization: Bearer … or X-Api-Key"));
        }
        int key = find(sent);
        if (key < 0) {
            return Mono.error(new RerankException(ErrorCode.FORBIDDEN, "this API key is not known"));
        }
        exchange.getAttributes().put(CALLER, keys.get(key).hex());
        return paced(key, exchange, chain);
    }

    private Mono<Void> paced(int key, ServerWebExchange exchange, WebFilterChain chain) {
        return pace.refuse(key).map(Mono::<Void>error).orElseGet(() -> chain.filter(exchange));
    }

    private static boolean guarded(ServerHttpRequest request) {
        boolean reads = READS.contains(request.getMethod());
        return !reads || API.matches(request.getPath().pathWithinApplication());
    }

    private static @Nullable String sentKey(HttpHeaders headers) {
        String authorization = headers.getFirst(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return blankToNull(authorization.substring(BEARER.length()));
        }
        return blankToNull(headers.getFirst("X-Api-Key"));
    }

    /** Compares with all keys, and with each to its end: the time taken tells nothing about any key. */
    private int find(String sent) {
        KeyDigest digest = KeyDigest.of(sent);
        int found = -1;
        for (int i = 0; i < keys.size(); i++) {
            found = keys.get(i).matches(digest) ? i : found;
        }
        return found;
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.trim();
    }
}

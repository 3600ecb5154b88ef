package dev.whyrank.api;

import dev.whyrank.rerank.RerankException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/** Answers every error of every path, before Spring's own handlers get to see it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ProblemHandler implements WebExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
    private static final Duration RETRY_UNKNOWN = Duration.ofSeconds(1);

    private final ApiJson json;
    private final List<ErrorShape> shapes;

    ProblemHandler(ApiJson json, List<ErrorShape> shapes) {
        this.json = json;
        this.shapes = shapes;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable thrown) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted() || DisconnectedClientHelper.isClientDisconnectedException(thrown)) {
            return Mono.error(thrown);
        }
        Problem problem = Problems.of(thrown, RequestIds.of(exchange));
        log(problem, thrown);
        response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
        writeHeaders(response.getHeaders(), problem, thrown);
        Optional<ErrorShape> shape =
                shapes.stream().filter(each -> each.speaks(exchange)).findFirst();
        response.getHeaders()
                .setContentType(shape.map(ErrorShape::mediaType).orElse(MediaType.APPLICATION_PROBLEM_JSON));
        byte[] body = json.bytes(
                shape.<Object>map(each -> each.body(problem, exchange)).orElse(problem));
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    private static void writeHeaders(HttpHeaders headers, Problem problem, Throwable thrown) {
        if (thrown instanceof ErrorResponse standard) {
            // Allow for 405, Accept for 415 and 406.
            standard.getHeaders().forEach(headers::addAll);
        }
        headers.setCacheControl("no-store");
        switch (problem.status()) {
            case 401 -> headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            case 429, 503 -> headers.set(HttpHeaders.RETRY_AFTER, retryAfter(thrown));
            default -> headers.remove(HttpHeaders.RETRY_AFTER);
        }
    }

    /** Whole seconds, rounded up, at least one: a client that comes back early is refused again. */
    private static String retryAfter(Throwable thrown) {
        Duration wait =
                thrown instanceof RerankException refused ? refused.retryAfter().orElse(RETRY_UNKNOWN) : RETRY_UNKNOWN;
        return String.valueOf(Math.max(1, (wait.toMillis() + 999) / 1000));
    }

    private static void log(Problem problem, Throwable thrown) {
        RequestIds.logged(problem.requestId(), () -> {
            if (problem.status() == 500) {
                LOG.error("request failed: {}", problem.detail(), thrown);
            } else {
                LOG.debug("request refused: {} {}", problem.status(), problem.detail());
            }
        });
    }
}

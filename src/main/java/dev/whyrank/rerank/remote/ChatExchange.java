package dev.whyrank.rerank.remote;

import dev.whyrank.rerank.remote.ChatFailure.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.ClientResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One attempt's answer: what came of it decides what its end means. Used by one subscription, in order. */
final class ChatExchange {

    /** The endpoint is alive and says nothing. */
    static final ChatChunk PULSE = new ChatChunk("", List.of(), false, null, null);

    private static final String DONE = "[DONE]";
    private static final String CUT_SHORT = "length";
    private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT =
            new ParameterizedTypeReference<>() {};

    private final ChatEndpoint endpoint;
    private final Duration idle;
    private final Dialect spoken;
    private boolean answered;
    private boolean done;
    private boolean told;
    private boolean refused;
    private @Nullable String finish;

    ChatExchange(ChatEndpoint endpoint, Duration idle, Dialect spoken) {
        this.endpoint = endpoint;
        this.idle = idle;
        this.spoken = spoken;
    }

    Flux<ChatChunk> read(ClientResponse response) {
        answered = true;
        if (response.statusCode().isError()) {
            return response.bodyToMono(String.class)
                    .defaultIfEmpty("")
                    .flatMapMany(body -> Flux.error(status(
                            response.statusCode().value(), response.headers().asHttpHeaders(), body)));
        }
        boolean streams = response.headers()
                .contentType()
                .map(MediaType.TEXT_EVENT_STREAM::isCompatibleWith)
                .orElse(false);
        return (streams ? events(response) : whole(response))
                .doOnNext(this::note)
                .concatWith(Mono.defer(this::end));
    }

    private Flux<ChatChunk> events(ClientResponse response) {
        return response.bodyToFlux(EVENT)
                .map(event -> event.data() == null ? "" : event.data().strip())
                .takeUntil(data -> done = data.equals(DONE))
                .filter(data -> !data.equals(DONE))
                .map(data -> data.isEmpty() ? PULSE : ChatReader.read(data));
    }

    /** An endpoint that does not stream. */
    private Flux<ChatChunk> whole(ClientResponse response) {
        done = true;
        return response.bodyToMono(String.class)
                .defaultIfEmpty("")
                .map(ChatReader::read)
                .flux();
    }

    private void note(ChatChunk chunk) {
        told |= !chunk.text().isEmpty();
        refused |= chunk.refusal() || "content_filter".equals(chunk.finish());
        finish = chunk.finish() == null ? finish : chunk.finish();
    }

    private Mono<ChatChunk> end() {
        if (refused) {
            return Mono.error(new ChatFailure(Kind.REFUSED, "declined to answer"));
        }
        if (finish == null && !done) {
            return Mono.error(new ChatFailure(Kind.CUT, "broke off its answer"));
        }
        if (!told && !CUT_SHORT.equals(finish)) {
            return Mono.error(new ChatFailure(Kind.EMPTY, "ended its answer without a word"));
        }
        return Mono.empty();
    }

    private ChatFailure status(int status, HttpHeaders headers, String body) {
        String detail = hidden(ChatReader.detail(body));
        return new ChatFailure(
                kind(status, detail), "answered with status " + status, false, detail, pause(headers), null);
    }

    private Kind kind(int status, String detail) {
        String words = detail.toLowerCase(Locale.ROOT);
        return switch (status) {
            case 429 -> Kind.BUSY;
            case 401, 403, 404, 405 -> Kind.UNUSABLE;
            case 408 -> Kind.SILENT;
            default -> {
                if (status >= 500) {
                    yield Kind.FAILED;
                }
                if (words.contains("context_length") || words.contains("context length")) {
                    yield Kind.TOO_LONG;
                }
                if (words.contains("content_filter") || words.contains("content_policy")) {
                    yield Kind.REFUSED;
                }
                yield spoken.named(detail).isEmpty() ? Kind.REJECTED : Kind.UNSUPPORTED;
            }
        };
    }

    private String hidden(String detail) {
        String key = endpoint.key();
        return key == null ? detail : detail.replace(key, "…");
    }

    /** How long the endpoint wants to be left alone: milliseconds, seconds, or a date. */
    static @Nullable Duration pause(HttpHeaders headers) {
        String millis = headers.getFirst("retry-after-ms");
        String seconds = headers.getFirst(HttpHeaders.RETRY_AFTER);
        try {
            if (millis != null) {
                return Duration.ofMillis((long) Math.max(0, Double.parseDouble(millis)));
            }
            if (seconds == null) {
                return null;
            }
            if (seconds.matches("\\d+(\\.\\d+)?")) {
                return Duration.ofMillis((long) (1000 * Double.parseDouble(seconds)));
            }
            Instant date = ZonedDateTime.parse(seconds, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(Instant.now(), date);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    /** What a thrown thing means. */
    ChatFailure failure(Throwable thrown) {
        ChatFailure failure;
        if (thrown instanceof ChatFailure known) {
            failure = known;
        } else if (thrown instanceof TimeoutException) {
            failure = new ChatFailure(Kind.SILENT, "was silent for " + idle.toSeconds() + " s");
        } else if (answered) {
            failure = new ChatFailure(Kind.CUT, "broke off its answer", false, "", null, thrown);
        } else {
            failure = new ChatFailure(Kind.UNREACHABLE, "cannot be reached", false, "", null, thrown);
        }
        return told ? failure.afterBeginning() : failure;
    }
}

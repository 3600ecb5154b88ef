package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Reranker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A Whyrank service elsewhere, over its HTTP contract. It is full when it answers 429 or 503, and asked again later. */
public final class RemoteReranker implements Reranker {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(500);
    /** A hundred explanations on a slow machine take long; a service that has died takes for ever. */
    private static final Duration ANSWER = Duration.ofHours(1);

    private static final int MAX_ATTEMPTS = 300;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final URI endpoint;
    private final @Nullable String apiKey;
    private final String model;
    private final ExplanationKind kind;

    /**
     * Asks the service for one small judgement, to know that it answers and what it is.
     *
     * @param url where the service is, for instance {@code http://localhost:8080}
     * @param apiKey sent as a bearer token, or null
     * @throws InvalidInputException if it does not answer as a Whyrank service
     */
    public RemoteReranker(String url, @Nullable String apiKey) {
        this.apiKey = apiKey;
        try {
            endpoint = URI.create(url.replaceAll("/+$", "") + "/v1/rerank");
            HttpResponse<String> response = http.send(post(RemoteMessages.PROBE), BodyHandlers.ofString());
            JsonNode body = JsonLines.MAPPER.readTree(response.body());
            JsonNode result = body.path("results").path(0);
            if (response.statusCode() != 200 || !result.path("explanation_kind").isString()) {
                throw new InvalidInputException(url + ": answers " + response.statusCode()
                        + " and no explained judgement; is a Whyrank service ready there?");
            }
            model = body.path("model").asString(url);
            kind = ExplanationKind.valueOf(
                    result.path("explanation_kind").stringValue().toUpperCase(Locale.ROOT));
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new InvalidInputException(url + ": no Whyrank service answers there: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvalidInputException(url + ": interrupted before it answered", e);
        }
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public ExplanationKind explanationKind() {
        return kind;
    }

    @Override
    public Handle rerank(RerankRequest request, Consumer<RerankEvent> listener) {
        listener.accept(new RerankEvent.Started(0));
        CompletableFuture<HttpResponse<String>> answer = send(post(RemoteMessages.body(request)), 1);
        CompletableFuture<Void> told = answer.handle((response, failure) -> {
            tell(request, listener, response, failure);
            return null;
        });
        return () -> {
            if (!told.isDone()) {
                answer.cancel(true);
            }
        };
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest request, int attempt) {
        return http.sendAsync(request, BodyHandlers.ofString()).thenCompose(response -> {
            boolean full = response.statusCode() == 429 || response.statusCode() == 503;
            if (!full || attempt == MAX_ATTEMPTS) {
                return CompletableFuture.completedFuture(response);
            }
            long millis = response.headers()
                    .firstValue("Retry-After")
                    .filter(seconds -> seconds.matches("\\d{1,4}"))
                    .map(seconds -> 1000 * Long.parseLong(seconds))
                    .orElse(RETRY.toMillis());
            Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> request, later).thenCompose(again -> send(again, attempt + 1));
        });
    }

    private static void tell(
            RerankRequest request,
            Consumer<RerankEvent> listener,
            @Nullable HttpResponse<String> response,
            @Nullable Throwable failure) {
        List<RerankEvent> events;
        if (response == null) {
            ErrorCode code = failure instanceof CancellationException ? ErrorCode.CANCELLED : ErrorCode.ENGINE_FAILURE;
            events = RemoteMessages.failed(request, code, "no answer: " + failure);
        } else {
            try {
                events = RemoteMessages.events(request, response.statusCode(), response.body());
            } catch (JacksonException | IllegalArgumentException e) {
                events = RemoteMessages.failed(request, ErrorCode.ENGINE_FAILURE, "unreadable answer: " + e);
            }
        }
        events.forEach(listener);
    }

    private HttpRequest post(String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("Cache-Control", "no-cache")
                .POST(BodyPublishers.ofString(body));
        if (apiKey != null) {
            request.header("Authorization", "Bearer " + apiKey);
        }
        return request.build();
    }
}

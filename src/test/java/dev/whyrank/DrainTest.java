package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import dev.whyrank.api.Sse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a real process: a supervisor's SIGTERM while clients are being answered. */
class DrainTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int STREAMS = 3;

    private final ExecutorService clients = Executors.newFixedThreadPool(STREAMS);

    @AfterEach
    void endClients() {
        clients.shutdownNow();
    }

    @Test
    void letsStreamsFinishAndRefusesNewRequests() throws Exception {
        int documents = 6;
        try (ServerProcess server = start("120s")) {
            Http http = new Http(server.port());
            List<CompletableFuture<HttpResponse<String>>> streams = open(http, documents);
            assertThat(http.get("/actuator/health/readiness").statusCode()).isEqualTo(200);

            server.terminate();
            HttpResponse<String> refused = awaitRefusal(http);
            assertThat(streams).as("streams are still running").noneMatch(CompletableFuture::isDone);
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isPositive();
            assertThat(Http.json(refused).path("code").asString()).isEqualTo("not_ready");
            assertThat(http.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(http.get("/actuator/health/liveness").statusCode()).isEqualTo(200);

            for (List<Sse.Event> events : ended(server, streams)) {
                assertThat(names(events)).last().isEqualTo("rerank.completed");
                assertThat(names(events).filter("document.completed"::equals)).hasSize(documents);
            }
            assertThat(server.awaitExit()).isIn(0, 143);
        }
    }

    @Test
    void tellsStreamsThatCannotFinishInTime() throws Exception {
        int documents = 300;
        try (ServerProcess server = start("1s")) {
            List<CompletableFuture<HttpResponse<String>>> streams = open(new Http(server.port()), documents);
            server.terminate();
            for (List<Sse.Event> events : ended(server, streams)) {
                Sse.Event last = events.get(events.size() - 1);
                assertThat(last.name()).isEqualTo("error");
                assertThat(last.json().path("code").asString()).isEqualTo("not_ready");
                assertThat(Sse.ended(events))
                        .as("one end for each document")
                        .isEqualTo(IntStream.range(0, documents).boxed().toList());
                assertThat(names(events).filter("document.failed"::equals)).isNotEmpty();
            }
            assertThat(server.awaitExit()).isIn(0, 143);
            assertThat(server.output())
                    .anyMatch(line -> line.contains("Drained: the last requests were failed"))
                    .noneMatch(line -> line.contains("ERROR"));
        }
    }

    private static ServerProcess start(String drainTimeout) throws Exception {
        List<String> settings = Stream.concat(
                        Stream.of(Requests.FOUR_SLOTS), Stream.of("--whyrank.drain-timeout=" + drainTimeout))
                .toList();
        return ServerProcess.start(Map.of(), settings.toArray(String[]::new));
    }

    /** Opens streams and returns when all are accepted and the model is at work. */
    private List<CompletableFuture<HttpResponse<String>>> open(Http http, int documents) {
        String body = Requests.explaining(documents, Requests.LONGEST, true);
        List<CompletableFuture<HttpResponse<String>>> streams = IntStream.range(0, STREAMS)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> http.patientPost("/v1/rerank", body, PATIENCE), clients))
                .toList();
        Prometheus meters = new Prometheus(http);
        await().atMost(PATIENCE)
                .until(() -> meters.value("whyrank_queue_requests") == STREAMS && meters.value("whyrank_running") > 0);
        return streams;
    }

    /** Draining begins a moment after the signal; until then requests are answered. */
    private static HttpResponse<String> awaitRefusal(Http http) {
        return await().atMost(PATIENCE)
                .until(
                        () -> http.post("/v1/rerank", "{\"query\": \"q\", \"documents\": [\"d\"], \"explain\": false}"),
                        response -> response.statusCode() == 503);
    }

    private static List<List<Sse.Event>> ended(
            ServerProcess server, List<CompletableFuture<HttpResponse<String>>> streams) {
        assertThat(CompletableFuture.allOf(streams.toArray(CompletableFuture[]::new)))
                .as(() -> "streams end; the server said " + server.output())
                .succeedsWithin(PATIENCE);
        return streams.stream().map(stream -> Sse.parse(stream.join().body())).toList();
    }

    private static Stream<String> names(List<Sse.Event> events) {
        return events.stream().map(Sse.Event::name).filter(name -> !name.isEmpty());
    }
}

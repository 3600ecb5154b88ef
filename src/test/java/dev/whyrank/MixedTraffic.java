package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import dev.whyrank.api.Sse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Every kind of request that a service meets, one after another, each answered as promised. One client's. */
final class MixedTraffic {

    private static final int LAG_NANOS = 2_000_000;

    private final int port;
    private final Http http;
    private final Random random;

    MixedTraffic(int port, long seed) {
        this.port = port;
        this.http = new Http(port);
        this.random = new Random(seed);
    }

    /** One request of a kind that chance decides. */
    void turn() throws IOException {
        int documents = 1 + random.nextInt(6);
        int tokens = 2 + random.nextInt(30);
        switch (random.nextInt(10)) {
            case 0 -> leave(Requests.explaining(documents, tokens, true));
            case 1 -> lag(Requests.explaining(documents, tokens, true), documents);
            case 2 -> late(Requests.explaining(documents, tokens, true), documents);
            case 3 -> json(Requests.explaining(documents, tokens, false), documents);
            case 4 -> refused();
            case 5 -> texts();
            case 6 -> queries();
            case 7 -> batch(Requests.explaining(documents, tokens, false));
            default -> read(Requests.explaining(documents, tokens, true), documents);
        }
    }

    private void read(String body, int documents) {
        List<Sse.Event> events = Sse.parse(ok(http.post("/v1/rerank", body)));
        endedOnce(events, documents);
        assertThat(events.get(events.size() - 1).name()).isEqualTo("rerank.completed");
    }

    /** Some of its documents have no time. */
    private void late(String body, int documents) {
        String hurried = "{\"deadline_ms\": " + (1 + random.nextInt(60)) + ", " + body.substring(1);
        endedOnce(Sse.parse(ok(http.post("/v1/rerank", hurried))), documents);
    }

    private void lag(String body, int documents) throws IOException {
        try (RawStream stream = RawStream.open(port, body)) {
            while (stream.read(512)) {
                LockSupport.parkNanos(LAG_NANOS);
            }
            endedOnce(stream.events(), documents);
        }
    }

    private void leave(String body) throws IOException {
        try (RawStream stream = RawStream.open(port, body)) {
            assertThat(stream.read(1 + random.nextInt(400))).isTrue();
        }
    }

    private void json(String body, int documents) {
        assertThat(Http.json(ok(http.post("/v1/rerank", body))).path("results")).hasSize(documents);
    }

    private void refused() {
        assertThat(http.post("/v1/rerank", "{\"query\": \"q\", \"documents\": []}")
                        .statusCode())
                .isEqualTo(400);
    }

    private void texts() {
        String body = "{\"query\": \"boxes?\", \"texts\": [\"a box\", \"a hat\"]}";
        assertThat(Http.json(ok(http.post("/rerank", body)))).hasSize(2);
    }

    private void queries() {
        ok(http.post("/v1/queries", "{\"question\": \"Where are the boxes?\"}"));
    }

    private void batch(String line) {
        String path = "/v1/rerank/batches";
        HttpResponse<String> taken = http.post(path, line + "\n" + line + "\n", "Content-Type", "application/jsonl");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        String one = path + "/" + Http.json(taken).path("id").asString();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Http.json(http.get(one)).path("status").asString().equals("completed"));
        assertThat(ok(http.get(one + "/results")).lines()).hasSize(2);
    }

    private static String ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private static void endedOnce(List<Sse.Event> events, int documents) {
        assertThat(Sse.ended(events))
                .as("one end for each document")
                .isEqualTo(IntStream.range(0, documents).boxed().toList());
    }
}

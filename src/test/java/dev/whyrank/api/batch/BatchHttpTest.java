package dev.whyrank.api.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.Patience;
import dev.whyrank.api.ApiTestApplication;
import dev.whyrank.api.FakeReranker;
import dev.whyrank.api.Http;
import dev.whyrank.generate.Priority;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Batches as their owner sees them. */
@SpringBootTest(
        classes = ApiTestApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"whyrank.batches.max-lines=300", "whyrank.batches.max-size=2MB"})
@Timeout(60)
class BatchHttpTest {

    private static final String PATH = "/v1/rerank/batches";
    private static final String LINE = "{\"query\":\"q\",\"documents\":[\"good\",\"bad\"]}\n";

    @Autowired
    FakeReranker reranker;

    @LocalServerPort
    int port;

    @BeforeEach
    void reset() {
        reranker.reset();
    }

    private HttpResponse<String> post(String body) {
        return new Http(port).post(PATH, body, "Content-Type", "application/jsonl");
    }

    private JsonNode get(String id) {
        return Http.json(new Http(port).get(PATH + "/" + id));
    }

    private String create(String body) {
        HttpResponse<String> response = post(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        String id = Http.json(response).at("/id").asString();
        assertThat(response.headers().firstValue("Location")).contains(PATH + "/" + id);
        return id;
    }

    private JsonNode awaitStatus(String id, String status) {
        await().atMost(Patience.DURATION)
                .until(() -> get(id).at("/status").asString().equals(status));
        return get(id);
    }

    private List<JsonNode> results(String id) {
        HttpResponse<String> response = new Http(port).get(PATH + "/" + id + "/results");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/jsonl");
        return response.body().lines().map(Http::json).toList();
    }

    @Test
    void theExampleIsAnsweredLineByLine() {
        String id = create(BatchExamples.BATCH_REQUEST);
        JsonNode batch = awaitStatus(id, "completed");
        assertThat(batch.at("/request_counts").toString()).isEqualTo("{\"total\":2,\"completed\":1,\"failed\":1}");
        assertThat(batch.at("/completed_at").asLong())
                .isGreaterThanOrEqualTo(batch.at("/created_at").asLong());
        assertThat(batch.at("/expires_at").asLong() - batch.at("/completed_at").asLong())
                .isEqualTo(Duration.ofHours(24).toSeconds());

        List<JsonNode> results = results(id);
        List<JsonNode> examples =
                BatchExamples.BATCH_RESULTS.lines().map(Http::json).toList();
        for (int i = 0; i < 2; i++) {
            assertThat(results.get(i).propertyNames()).isEqualTo(examples.get(i).propertyNames());
            assertThat(results.get(i).at("/line").asInt()).isEqualTo(i + 1);
            assertThat(results.get(i).at("/custom_id"))
                    .isEqualTo(examples.get(i).at("/custom_id"));
            assertThat(results.get(i).at("/response/status_code"))
                    .isEqualTo(examples.get(i).at("/response/status_code"));
        }
        assertThat(results.get(1).at("/response/body/errors").toString()).contains("\"field\":\"query\"");
        JsonNode alone = Http.json(new Http(port)
                .post(
                        "/v1/rerank",
                        BatchExamples.BATCH_REQUEST.lines().findFirst().orElseThrow()));
        assertThat(results.get(0).at("/response/body/results")).isEqualTo(alone.at("/results"));
    }

    @Test
    void linesComeInBulkAndManyPagesOfResultsInOrder() throws InterruptedException {
        StringBuilder body = new StringBuilder();
        for (int i = 1; i <= 300; i++) {
            body.append("{\"custom_id\":\"%d\",\"query\":\"q\",\"documents\":[\"good\"]}\r\n".formatted(i));
        }
        String id = create(body.toString());
        assertThat(reranker.nextRun().request().handling().priority()).isEqualTo(Priority.BULK);
        awaitStatus(id, "completed");
        List<JsonNode> results = results(id);
        assertThat(results).hasSize(300);
        for (int i = 0; i < 300; i++) {
            assertThat(results.get(i).at("/custom_id").asString()).isEqualTo(String.valueOf(i + 1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"query\":\"q\"'|line 1|not valid JSON",
                "'{}\n[1]'|line 2|must be a JSON object",
                "'{}\n\n{}'|line 2|blank",
                "'{}\n{\"custom_id\":1}'|line 2.custom_id|must be a string",
                "'{\"custom_id\":\"a\"}\n{}\n{\"custom_id\":\"a\"}'|line 3.custom_id|that of line 1",
                "''|''|empty"
            })
    void aLineThatIsNoneIsNamed(String body, String field, String message) {
        HttpResponse<String> response = post(body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(Http.json(response).at("/errors/0/message").asString()).contains(message);
    }

    @Test
    void errorsOfALineAreItsResult() {
        String id = create("""
                {"query":"q","documents":[{"id":"x"}]}
                {"query":7,"documents":["a"]}
                {"query":"q","documents":["a"],"alpha":2,"top_n":-1}
                {"query":"q","documents":["boom","good"]}
                """);
        awaitStatus(id, "completed");
        List<JsonNode> results = results(id);
        assertThat(results.get(0).at("/response/body/detail").asString()).startsWith("documents[0].text");
        assertThat(results.get(1).at("/response/body/errors/0/message").asString())
                .isEqualTo("expected a string");
        assertThat(results.get(2).at("/response/body/errors")).hasSize(2);
        assertThat(results.get(2).at("/response/body/errors/0/field").asString())
                .isEqualTo("alpha");
        assertThat(results.get(3).at("/response/status_code").asInt()).isEqualTo(200);
        assertThat(results.get(3).at("/response/body/results/1/error/code").asString())
                .isEqualTo("engine_failure");
    }

    @Test
    void limitsAndStatusesOfTheRequestItself() {
        assertThat(post(LINE.repeat(301)).statusCode()).isEqualTo(413);
        assertThat(post("{\"query\":\"" + "x".repeat(1_100_000) + "\"}").statusCode())
                .isEqualTo(429);
        assertThat(new Http(port).post(PATH, LINE).statusCode()).isEqualTo(415);
        assertThat(new Http(port)
                        .post(PATH, LINE, "Content-Type", "application/x-ndjson")
                        .statusCode())
                .isEqualTo(202);
        assertThat(new Http(port).get(PATH).statusCode()).isEqualTo(405);
        for (String path : List.of("/batch_nowhere", "/batch_nowhere/results")) {
            HttpResponse<String> response = new Http(port).get(PATH + path);
            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(Http.json(response).at("/code").asString()).isEqualTo("not_found");
        }
        assertThat(new Http(port).post(PATH + "/batch_nowhere/cancel", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void cancellingKeepsWhatIsDoneAndFreesWhatRuns() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        reranker.play(run -> {
            if (runs.incrementAndGet() == 1) {
                FakeReranker.playAll(run);
            }
        });
        String id = create(LINE.repeat(9));
        reranker.nextRun();
        FakeReranker.Run second = reranker.nextRun();
        await().until(() -> results(id).size() == 1);
        JsonNode cancelled = Http.json(new Http(port).post(PATH + "/" + id + "/cancel", ""));
        assertThat(cancelled.at("/status").asString()).isIn("cancelling", "cancelled");
        assertThat(second.awaitCancelled()).isTrue();
        JsonNode batch = awaitStatus(id, "cancelled");
        assertThat(batch.at("/request_counts/completed").asInt()).isEqualTo(1);
        assertThat(batch.has("cancelled_at")).isTrue();
        assertThat(results(id)).hasSize(1);
        assertThat(Http.json(new Http(port).post(PATH + "/" + id + "/cancel", ""))
                        .at("/status")
                        .asString())
                .isEqualTo("cancelled");
    }

    @Test
    void aFullQueueDelaysABatchAndRefusesNothing() {
        reranker.refuse(new RerankException(ErrorCode.OVERLOADED, "full", Duration.ofMillis(100)));
        String id = create(LINE.repeat(2));
        await().during(Duration.ofMillis(300)).until(() -> results(id).isEmpty());
        reranker.reset();
        assertThat(awaitStatus(id, "completed").at("/request_counts/completed").asInt())
                .isEqualTo(2);
    }
}

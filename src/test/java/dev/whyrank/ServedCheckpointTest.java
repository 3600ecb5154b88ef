package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A real language model behind the real server, asked by a real client. It judges nothing, but it writes. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "whyrank.model=src/test/resources/stories260k",
            "whyrank.engine.precision=float32",
            // Each test is to see the model at work.
            "whyrank.cache.enabled=false",
            "whyrank.engine.kv-memory=16MB"
        })
class ServedCheckpointTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BODY = """
            {"query": "eggs?", "documents": ["Put eggs in water.", "A tower in Paris.", ""],
             "max_explanation_tokens": 12, "top_n": 2}""";

    @LocalServerPort
    private int port;

    private HttpResponse<Stream<String>> post(String body, String accept) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/rerank"))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
    }

    private JsonNode json(String body) throws Exception {
        return JSON.readTree(
                String.join("\n", post(body, "application/json").body().toList()));
    }

    @Test
    void streamsItsWordsTokenByTokenAndEndsWithForcedLabels() throws Exception {
        List<String> deltas = new ArrayList<>();
        List<JsonNode> completed = new ArrayList<>();
        String event = "";
        for (String line : post(BODY, "text/event-stream").body().toList()) {
            if (line.startsWith("event:")) {
                event = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                JsonNode data = JSON.readTree(line.substring("data:".length()));
                if (event.equals("explanation.delta") && data.get("index").asInt() == 0) {
                    deltas.add(data.get("delta").asString());
                } else if (event.equals("document.completed")) {
                    completed.add(data);
                }
            }
        }
        assertThat(event).isEqualTo("rerank.completed");
        assertThat(deltas).hasSizeBetween(6, 12);
        assertThat(completed).hasSize(3);
        for (JsonNode document : completed) {
            int index = document.get("index").asInt();
            if (index == 2) {
                // A blank document is judged without the model.
                assertThat(document.get("label").asInt()).isZero();
                continue;
            }
            assertThat(document.get("label_source").asString()).isEqualTo("forced");
            assertThat(document.get("finish_reason").asString()).isEqualTo("length");
            assertThat(document.get("explanation_kind").asString()).isEqualTo("reasoning");
            assertThat(document.get("usage").get("completion_tokens").asInt()).isEqualTo(12);
        }
    }

    @Test
    void readsThePartThatAllPromptsShareOnce() throws Exception {
        JsonNode reply = json(BODY);
        assertThat(reply.get("results")).hasSize(2);
        assertThat(reply.get("usage").get("cached_tokens").asInt()).isGreaterThan(100);
    }

    @Test
    void writesTheSameAloneAsInABatch() throws Exception {
        JsonNode batch = json(BODY.replace("\"top_n\": 2", "\"top_n\": 3"));
        JsonNode alone =
                json("{\"query\": \"eggs?\", \"documents\": [\"A tower in Paris.\"], \"max_explanation_tokens\": 12}");
        JsonNode second = batch.get("results")
                .valueStream()
                .filter(result -> result.get("index").asInt() == 1)
                .findFirst()
                .orElseThrow();
        JsonNode only = alone.get("results").get(0);
        assertThat(only.get("explanation")).isEqualTo(second.get("explanation"));
        assertThat(only.get("model_score").asDouble())
                .isCloseTo(second.get("model_score").asDouble(), org.assertj.core.data.Offset.offset(1e-4));
    }

    @Test
    void refusesAQuestionThatNoSlotCanHold() throws Exception {
        String question = "why ".repeat(600);
        HttpResponse<Stream<String>> response =
                post("{\"query\": \"" + question + "\", \"documents\": [\"x\"]}", "application/json");
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(String.join("", response.body().toList())).contains("context_length_exceeded");
    }
}

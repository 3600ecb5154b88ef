package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class RerankStreamTest {

    private static final String TWO = """
            {"query":"q","documents":[{"id":"g","text":"good“\\n\\ndata: x"},"boom"],"stream":true""";

    @Autowired
    FakeReranker reranker;

    @LocalServerPort
    int port;

    @BeforeEach
    void reset() {
        reranker.reset();
    }

    private HttpResponse<String> post(String body, String... headers) {
        return new Http(port).post("/v1/rerank", body, headers);
    }

    @Test
    void streamsEveryEventInOrder() {
        HttpResponse<String> response = post(TWO + "}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
        List<Sse.Event> events = Sse.parse(response.body());
        assertThat(events.stream().map(Sse.Event::name).distinct())
                .containsExactly(
                        "rerank.started",
                        "document.started",
                        "explanation.delta",
                        "document.completed",
                        "document.failed",
                        "rerank.completed");
        assertThat(events.stream().map(Sse.Event::id).toList())
                .isEqualTo(IntStream.rangeClosed(1, events.size())
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void saysInEachEventWhatTheContractPromises() {
        HttpResponse<String> response = post(TWO + "}", "X-Request-Id", "s1");
        List<Sse.Event> events = Sse.parse(response.body());

        assertThat(only(events, "rerank.started"))
                .isEqualTo(Http.json("{\"id\":\"s1\",\"model\":\"fake-1\",\"documents\":2,\"queue_position\":0}"));
        assertThat(events.get(1).json())
                .isEqualTo(Http.json(
                        "{\"index\":0,\"id\":\"g\",\"prompt_tokens\":20,\"cached_tokens\":8,\"truncated\":false}"));
        JsonNode completed = only(events, "document.completed");
        assertThat(completed.at("/rank").asInt()).isEqualTo(1);
        assertThat(completed.at("/id").asString()).isEqualTo("g");
        assertThat(completed.at("/label").asInt()).isEqualTo(2);
        assertThat(only(events, "document.failed"))
                .isEqualTo(Http.json("{\"index\":1,\"code\":\"engine_failure\",\"message\":\"the model stumbled\"}"));
    }

    @Test
    void deltasAreNumberedAndAddUpToTheExplanation() {
        List<Sse.Event> events = Sse.parse(post(TWO + "}").body());
        List<JsonNode> deltas = events.stream()
                .filter(event -> event.name().equals("explanation.delta"))
                .map(Sse.Event::json)
                .toList();

        assertThat(deltas.stream().map(delta -> delta.at("/seq").asInt()).toList())
                .isEqualTo(IntStream.range(0, deltas.size()).boxed().toList());
        assertThat(deltas.stream().map(delta -> delta.at("/delta").asString()).collect(Collectors.joining()))
                .isEqualTo("It says: “good“\n\ndata: x”")
                .isEqualTo(only(events, "document.completed").at("/explanation").asString());
    }

    @Test
    void endsWithTheSameAnswerAsTheUnstreamedRequest() {
        JsonNode last = only(Sse.parse(post(TWO + "}", "X-Request-Id", "same").body()), "rerank.completed");

        JsonNode whole = Http.json(post(TWO.replace(",\"stream\":true", "") + "}", "X-Request-Id", "same"));
        assertThat(last).isEqualTo(whole);
    }

    @Test
    void streamsWhenTheAcceptHeaderAsksForIt() {
        String body = TWO.replace(",\"stream\":true", "") + "}";

        assertThat(type(post(body, "Accept", "text/event-stream"))).startsWith("text/event-stream");
        assertThat(type(post(body, "Accept", "application/json, text/event-stream")))
                .startsWith("application/json");
        assertThat(type(post(body, "Accept", "*/*"))).startsWith("application/json");
    }

    @Test
    void refusalsOfStreamsAreStatuses() {
        reranker.refuse(new RerankException(ErrorCode.OVERLOADED, "come back"));

        HttpResponse<String> response = post(TWO + "}", "Accept", "text/event-stream");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(type(response)).isEqualTo("application/problem+json");
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("overloaded");
    }

    @Test
    void aRequestThatFailsLaterEndsInAnErrorEvent() {
        reranker.play(run -> {
            run.emit(new RerankEvent.Started(3));
            run.fail(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "the query is too long");
        });

        List<Sse.Event> events =
                Sse.parse(post(TWO + "}", "X-Request-Id", "late").body());

        assertThat(events.stream().map(Sse.Event::name))
                .containsExactly("rerank.started", "document.failed", "document.failed", "error");
        JsonNode error = only(events, "error");
        assertThat(error.at("/status").asInt()).isEqualTo(422);
        assertThat(error.at("/code").asString()).isEqualTo("context_length_exceeded");
        assertThat(error.at("/message").asString()).isEqualTo("the query is too long");
        assertThat(error.at("/request_id").asString()).isEqualTo("late");
    }

    @Test
    void topNLimitsTheRankingNotTheEvents() {
        List<Sse.Event> events = Sse.parse(
                post("{\"query\":\"q\",\"documents\":[\"good\",\"fair\",\"bad\"],\"top_n\":1,\"stream\":true}")
                        .body());

        assertThat(events.stream().filter(event -> event.name().equals("document.completed")))
                .hasSize(3);
        assertThat(only(events, "rerank.completed").at("/results")).hasSize(1);
    }

    @Test
    void speaksChatCompletionChunks() {
        HttpResponse<String> response = post(TWO + ",\"stream_format\":\"openai\"}", "X-Request-Id", "oa");
        List<Sse.Event> events = Sse.parse(response.body());

        assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
        List<JsonNode> chunks = events.subList(0, events.size() - 1).stream()
                .map(Sse.Event::json)
                .toList();
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.at("/object").asString()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.at("/id").asString()).isEqualTo("oa");
            assertThat(chunk.at("/model").asString()).isEqualTo(FakeReranker.MODEL);
        });
        for (String field : List.of("reasoning", "reasoning_content")) {
            String text = chunks.stream()
                    .filter(chunk -> chunk.at("/choices/0/index").asInt(-1) == 0)
                    .map(chunk -> chunk.at("/choices/0/delta/" + field).asString(""))
                    .collect(Collectors.joining());
            assertThat(text).isEqualTo("It says: “good“\n\ndata: x”");
        }
        assertThat(chunks.get(0).at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        JsonNode last = chunks.get(chunks.size() - 1);
        assertThat(last.at("/choices")).isEmpty();
        assertThat(last.at("/usage/completion_tokens").asInt()).isEqualTo(5);
        assertThat(last.at("/rerank/results/0/label").asInt()).isEqualTo(2);
    }

    @Test
    void chatCompletionChunksEndAlsoAfterAFailure() {
        reranker.play(run -> {
            run.emit(new RerankEvent.Started(0));
            run.fail(ErrorCode.ENGINE_FAILURE, "it broke");
        });

        List<Sse.Event> events =
                Sse.parse(post(TWO + ",\"stream_format\":\"openai\"}").body());

        assertThat(events.get(events.size() - 2).json().at("/error/code").asString())
                .isEqualTo("engine_failure");
        assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
    }

    @Test
    void deliversThousandsOfEventsWholeAndInOrder() {
        int deltas = 20_000;
        reranker.play(run -> {
            run.emit(new RerankEvent.Started(0));
            run.emit(new RerankEvent.DocumentStarted(0, 1, 0, false));
            for (int i = 0; i < deltas; i++) {
                run.emit(new RerankEvent.ExplanationDelta(0, "word" + i + " "));
            }
            run.fail(ErrorCode.ENGINE_FAILURE, "enough");
        });

        List<Sse.Event> events = Sse.parse(post("{\"query\":\"q\",\"documents\":[\"good\"],\"stream\":true}")
                .body());

        assertThat(events).hasSize(deltas + 4);
        for (int i = 0; i < deltas; i++) {
            assertThat(events.get(i + 2).data())
                    .isEqualTo("{\"index\":0,\"seq\":" + i + ",\"delta\":\"word" + i + " \"}");
        }
    }

    private static String type(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElseThrow();
    }

    private static JsonNode only(List<Sse.Event> events, String name) {
        List<Sse.Event> named =
                events.stream().filter(event -> event.name().equals(name)).toList();
        assertThat(named).as(name).hasSize(1);
        return named.get(0).json();
    }
}

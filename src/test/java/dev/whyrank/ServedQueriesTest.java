package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.Http;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** A real language model is asked for queries. It tells stories and lists nothing, but it reads and writes. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "whyrank.model=src/test/resources/stories260k",
            "whyrank.engine.precision=float32",
            "whyrank.engine.kv-memory=4MB"
        })
class ServedQueriesTest {

    @LocalServerPort
    int port;

    private HttpResponse<String> post(String question) {
        return new Http(port).post("/v1/queries", "{\"question\":" + question + "}");
    }

    private static JsonNode written(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode reply = Http.json(response);
        assertThat(reply.at("/object").asString()).isEqualTo("queries");
        assertThat(reply.at("/model").asString()).isEqualTo("stories260k");
        assertThat(reply.at("/queries").isArray()).isTrue();
        assertThat(reply.at("/usage/completion_tokens").asInt()).isBetween(1, 256);
        return reply;
    }

    @Test
    void readsTheWholePromptAndWritesWithinItsBudget() {
        JsonNode one = written(post("\"Why do eggs float?\""));
        JsonNode again = written(post("\"Why do eggs float?\""));
        JsonNode longer = written(post("\"Why do eggs float? Why? Why?\""));

        assertThat(one.at("/usage/prompt_tokens").asInt()).isGreaterThan(50);
        assertThat(one.at("/usage/total_tokens").asInt())
                .isEqualTo(one.at("/usage/prompt_tokens").asInt()
                        + one.at("/usage/completion_tokens").asInt());
        assertThat(again.get("usage")).isEqualTo(one.get("usage"));
        assertThat(again.get("queries")).isEqualTo(one.get("queries"));
        assertThat(longer.at("/usage/prompt_tokens").asInt())
                .isGreaterThan(one.at("/usage/prompt_tokens").asInt());
    }

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#shortOnes")
    void answersAHostileQuestion(String question) {
        written(post(question));
    }

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#emptyOnes")
    void refusesAQuestionOfNothing(String question) {
        HttpResponse<String> response = post(question);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).at("/errors/0/field").asString()).isEqualTo("question");
    }

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#longOnes")
    void refusesAQuestionOfAMegabyte(String question) {
        HttpResponse<String> response = post(question);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("context_length_exceeded");
    }
}

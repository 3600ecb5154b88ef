package dev.whyrank.api.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.api.ApiTestApplication;
import dev.whyrank.api.FakeReranker;
import dev.whyrank.api.Http;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;

@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class CompatHttpTest {

    @Autowired
    FakeReranker reranker;

    @Autowired
    ApplicationContext context;

    @LocalServerPort
    int port;

    @BeforeEach
    void reset() {
        reranker.reset();
    }

    private HttpResponse<String> post(String path, String body) {
        return new Http(port).post(path, body);
    }

    private JsonNode ok(String path, String body) {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Http.json(response);
    }

    @Test
    void answersCohereV2() throws InterruptedException {
        JsonNode body = ok(
                "/v2/rerank",
                "{\"model\":\"rerank-v3.5\",\"query\":\"q\",\"documents\":[\"bad\",\"good\",\"fair\"],\"top_n\":2}");

        assertThat(body.at("/id").asString()).isNotBlank();
        assertThat(body.at("/results")).hasSize(2);
        assertThat(body.at("/results/0/index").asInt()).isEqualTo(1);
        assertThat(Set.copyOf(body.at("/results/0").propertyNames())).isEqualTo(Set.of("index", "relevance_score"));
        assertThat(body.at("/meta/api_version/version").asString()).isEqualTo("2");
        assertThat(body.at("/meta/billed_units/search_units").asInt()).isEqualTo(1);
        assertThat(body.at("/meta/warnings/0").asString()).contains("rerank-v3.5");
        assertThat(reranker.nextRun().request().options().explain()).isFalse();
    }

    @Test
    void cohereFailedDocumentsComeLastWithAWarning() {
        JsonNode body = ok("/v2/rerank", "{\"query\":\"q\",\"documents\":[\"boom\",\"bad\"]}");

        assertThat(body.at("/results/1/index").asInt()).isZero();
        assertThat(body.at("/results/1/relevance_score").asDouble()).isZero();
        assertThat(body.at("/meta/warnings/0").asString()).contains("document 0");
    }

    @Test
    void answersTextEmbeddingsInference() throws InterruptedException {
        JsonNode body = ok("/rerank", "{\"query\":\"q\",\"texts\":[\"bad\",\"good\"]}");

        assertThat(body.isArray()).isTrue();
        assertThat(body.at("/0/index").asInt()).isEqualTo(1);
        assertThat(body.at("/0/score").asDouble())
                .isGreaterThan(body.at("/1/score").asDouble());
        assertThat(body.at("/0").has("text")).isFalse();
        RerankOptions.requireScoreOnly(reranker.nextRun().request(), true);
    }

    @Test
    void returnsTextsAndRawScoresAndRefusesToTruncateWhenAsked() throws InterruptedException {
        String texts = "{\"query\":\"q\",\"texts\":[\"bad\",\"good\"]";
        double score = ok("/rerank", texts + "}").at("/0/score").asDouble();
        reranker.nextRun();

        JsonNode raw = ok("/rerank", texts + ",\"raw_scores\":true,\"return_text\":true,\"truncate\":false}");

        assertThat(raw.at("/0/text").asString()).isEqualTo("good");
        assertThat(1 / (1 + Math.exp(-raw.at("/0/score").asDouble()))).isCloseTo(score, within(1e-9));
        RerankOptions.requireScoreOnly(reranker.nextRun().request(), false);
    }

    @Test
    void aFailedTextFailsTheWholeBareArray() {
        HttpResponse<String> response = post("/rerank", "{\"query\":\"q\",\"texts\":[\"boom\",\"good\"]}");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Http.json(response).at("/error_type").asString()).isEqualTo("Backend");
    }

    @Test
    void answersJinaAndVllmWhenDocumentsAreSent() {
        JsonNode body = ok("/rerank", "{\"query\":\"q\",\"documents\":[\"bad\",{\"text\":\"good\"}],\"top_n\":1}");

        assertThat(body.at("/model").asString()).isEqualTo(FakeReranker.MODEL);
        assertThat(body.at("/results")).hasSize(1);
        assertThat(body.at("/results/0/index").asInt()).isEqualTo(1);
        assertThat(body.at("/results/0/document/text").asString()).isEqualTo("good");
        assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(50);
        JsonNode bare = ok("/rerank", "{\"query\":\"q\",\"documents\":[\"good\"],\"return_documents\":false}");
        assertThat(bare.at("/results/0").has("document")).isFalse();
    }

    @Test
    void scoresOneTextAgainstMany() throws InterruptedException {
        JsonNode body = ok("/v1/score", "{\"text_1\":\"q\",\"text_2\":[\"bad\",\"good\",\"fair\"]}");

        assertThat(body.at("/object").asString()).isEqualTo("list");
        assertThat(body.at("/model").asString()).isEqualTo(FakeReranker.MODEL);
        assertThat(body.at("/data")).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(body.at("/data/" + i + "/index").asInt()).isEqualTo(i);
            assertThat(body.at("/data/" + i + "/object").asString()).isEqualTo("score");
        }
        assertThat(body.at("/data/1/score").asDouble())
                .isGreaterThan(body.at("/data/2/score").asDouble());
        assertThat(body.at("/data/2/score").asDouble())
                .isGreaterThan(body.at("/data/0/score").asDouble());
        assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(75);
        assertThat(reranker.nextRun().request().candidates()).hasSize(3);
    }

    @Test
    void scoresOnePairAndPairsOneByOne() throws InterruptedException {
        assertThat(ok("/v1/score", "{\"text_1\":\"q\",\"text_2\":\"good\"}").at("/data"))
                .hasSize(1);
        reranker.nextRun();

        JsonNode body = ok("/v1/score", "{\"text_1\":[\"a\",\"b\",\"a\"],\"text_2\":[\"good\",\"bad\",\"fair\"]}");

        assertThat(body.at("/data/0/score").asDouble()).isCloseTo(0.925, within(1e-9));
        assertThat(body.at("/data/1/score").asDouble()).isCloseTo(0.075, within(1e-9));
        assertThat(reranker.nextRun().request().candidates())
                .as("pairs of one question travel together")
                .hasSize(2);
        assertThat(reranker.nextRun().request().candidates()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text_2\":\"a\"}",
                "{\"text_1\":\"q\"}",
                "{\"text_1\":\" \",\"text_2\":\"a\"}",
                "{\"text_1\":[\"a\",\"b\"],\"text_2\":[\"a\",\"b\",\"c\"]}",
                "{\"text_1\":[],\"text_2\":[\"a\"]}",
                "{\"text_1\":\"q\",\"text_2\":[]}",
                "{\"text_1\":\"q\",\"text_2\":[1]}",
                "{\"text_1\":\"q\",\"text_2\":7}",
            })
    void scoreRefusesWhatDoesNotPairInVllmsShape(String body) {
        HttpResponse<String> response = post("/v1/score", body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = Http.json(response).at("/error");
        assertThat(error.at("/type").asString()).isEqualTo("BadRequestError");
        assertThat(error.at("/code").asInt()).isEqualTo(400);
        assertThat(error.at("/param").asString()).startsWith("text_");
    }

    @Test
    void listsTheServedModel() {
        JsonNode body = Http.json(new Http(port).get("/v1/models"));

        assertThat(body.at("/object").asString()).isEqualTo("list");
        assertThat(body.at("/data")).hasSize(1);
        assertThat(body.at("/data/0/id").asString()).isEqualTo(FakeReranker.MODEL);
        assertThat(body.at("/data/0/object").asString()).isEqualTo("model");
        assertThat(body.at("/data/0/explanation_kind").asString()).isEqualTo("reasoning");
    }

    @Test
    void healthFollowsReadiness() {
        Http http = new Http(port);
        String[] readiness = {"/health", "/ping", "/v2/health/ready"};
        for (String path : readiness) {
            assertThat(http.get(path).statusCode()).as(path).isEqualTo(200);
        }
        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        try {
            for (String path : readiness) {
                assertThat(http.get(path).statusCode()).as(path).isEqualTo(503);
            }
            assertThat(http.get("/v2/health/live").statusCode()).isEqualTo(200);
        } finally {
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /v2/rerank | {"query":"q","documents":["a"]}  | /message
                    /rerank    | {"query":"q","texts":["a"]}      | /error
                    /rerank    | {"query":"q","documents":["a"]}  | /error/message
                    /v1/score  | {"text_1":"q","text_2":"a"}      | /error/message
                    """)
    void errorsHaveThePathsOwnShape(String path, String body, String message) {
        reranker.refuse(new RerankException(ErrorCode.OVERLOADED, "busy", Duration.ofSeconds(4)));

        HttpResponse<String> response = post(path, body);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("4");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(Http.json(response).at(message).asString()).isEqualTo("busy");
    }

    @ParameterizedTest
    @CsvSource({"/v2/rerank,/message", "/rerank,/error", "/v1/score,/error/message"})
    void malformedBodiesHaveThePathsOwnShape(String path, String message) {
        HttpResponse<String> response = post(path, "{");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).at(message).asString()).contains("not valid JSON");
    }

    @Test
    void aBodyWithNeitherTextsNorDocumentsIsRefused() {
        HttpResponse<String> response = post("/rerank", "{\"query\":\"q\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).at("/error_type").asString()).isEqualTo("Validation");
    }
}

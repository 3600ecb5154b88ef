package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class RerankHttpTest {

    private static final String THREE = """
            {"query":"q","documents":["bad", {"id":"g","title":"T","text":"good","metadata":{"k":[1]}}, "fair"]""";

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
    void answersTheWholeContract() {
        HttpResponse<String> response = post(THREE + "}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        JsonNode body = Http.json(response);
        assertThat(body.at("/object").asString()).isEqualTo("rerank");
        assertThat(body.at("/model").asString()).isEqualTo(FakeReranker.MODEL);
        assertThat(body.at("/results")).hasSize(3);
        JsonNode best = body.at("/results/0");
        assertThat(best.at("/index").asInt()).isEqualTo(1);
        assertThat(best.at("/id").asString()).isEqualTo("g");
        assertThat(best.at("/metadata/k/0").asInt()).isEqualTo(1);
        assertThat(best.at("/label").asInt()).isEqualTo(2);
        assertThat(best.at("/labels")).hasSize(3);
        assertThat(best.at("/label_probabilities/2").asDouble()).isEqualTo(0.9);
        assertThat(best.at("/label_source").asString()).isEqualTo("stated");
        assertThat(best.at("/explanation").asString()).isEqualTo("It says: “T\ngood”");
        assertThat(best.at("/explanation_kind").asString()).isEqualTo("reasoning");
        assertThat(best.at("/finish_reason").asString()).isEqualTo("stop");
        assertThat(best.at("/truncated").asBoolean(true)).isFalse();
        assertThat(best.at("/model_score").asDouble())
                .isCloseTo(best.at("/relevance_score").asDouble(), within(1e-5));
        assertThat(best.has("document")).isFalse();
        assertThat(best.has("rank")).isFalse();
        assertThat(best.has("error")).isFalse();
        assertThat(best.at("/usage/total_tokens").asInt()).isEqualTo(25);
        assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(60);
        assertThat(body.at("/usage/cached_tokens").asInt()).isEqualTo(24);
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(15);
        assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(75);
        assertThat(body.at("/meta/billed_units/search_units").asInt()).isEqualTo(1);
        assertThat(body.at("/meta/tokens/input_tokens").asInt()).isEqualTo(60);
        assertThat(body.at("/meta/tokens/output_tokens").asInt()).isEqualTo(15);
        assertThat(body.at("/meta/warnings")).isEmpty();
        assertThat(body.at("/timings/queue_ms").asDouble()).isEqualTo(1);
        assertThat(body.at("/timings/first_token_ms").asDouble()).isEqualTo(2.5);
        assertThat(body.at("/timings/total_ms").asDouble()).isEqualTo(12);
    }

    @Test
    void scoresFallStrictly() {
        JsonNode results = Http.json(post(THREE + "}")).at("/results");

        for (int i = 1; i < results.size(); i++) {
            assertThat(results.get(i).at("/relevance_score").asDouble())
                    .isLessThan(results.get(i - 1).at("/relevance_score").asDouble());
        }
    }

    @Test
    void passesEveryOptionOn() throws InterruptedException {
        post("""
                {"query":"q","documents":[{"text":"good","score":3}],"instruction":"be strict","explain":false,
                 "explain_top_n":4,"max_explanation_tokens":100,"max_tokens_per_doc":200,"truncation":"error",
                 "alpha":0.25,"deadline_ms":1500}""", "X-Request-Id", "call-7");

        RerankRequest request = reranker.nextRun().request();
        assertThat(request.id()).isEqualTo("call-7");
        assertThat(request.candidates()).containsExactly(new RerankRequest.Candidate("good", 3.0));
        assertThat(request.options())
                .isEqualTo(new RerankRequest.Options(
                        false, 4, 100, 200, false, 0.25, Duration.ofMillis(1500), "be strict"));
    }

    @Test
    void leavesDefaultsToTheDomain() throws InterruptedException {
        post(THREE + ",\"instruction\":\" \",\"top_n\":null}");

        assertThat(reranker.nextRun().request().options()).isEqualTo(RerankRequest.Options.DEFAULT);
    }

    @Test
    void treatsNoTopNAndZeroAsAllAndClampsTheRest() {
        assertThat(Http.json(post(THREE + ",\"top_n\":null}")).at("/results")).hasSize(3);
        assertThat(Http.json(post(THREE + ",\"top_n\":0}")).at("/results")).hasSize(3);
        assertThat(Http.json(post(THREE + ",\"top_n\":99}")).at("/results")).hasSize(3);
        JsonNode two = Http.json(post(THREE + ",\"top_n\":2}"));
        assertThat(two.at("/results")).hasSize(2);
        assertThat(two.at("/usage/prompt_tokens").asInt())
                .as("usage counts the rest too")
                .isEqualTo(60);
    }

    @Test
    void returnsDocumentsWhenAsked() {
        JsonNode results =
                Http.json(post(THREE + ",\"return_documents\":true}")).at("/results");

        assertThat(results.get(0).at("/document/text").asString()).isEqualTo("good");
        assertThat(results.get(0).at("/document/title").asString()).isEqualTo("T");
        assertThat(results.get(1).at("/document/text").asString()).isEqualTo("fair");
        assertThat(results.get(1).at("/document").has("title")).isFalse();
    }

    @Test
    void ignoresFieldsOfOtherServices() {
        HttpResponse<String> response =
                post("{\"query\":\"q\",\"documents\":[\"good\"],\"rank_fields\":[\"text\"],\"user\":{\"a\":1}}");

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void acceptsBlankDocuments() {
        assertThat(post("{\"query\":\"q\",\"documents\":[\"\",\"  \"]}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void leavesExplanationsOutWhenNoneWasAskedFor() {
        JsonNode best = Http.json(post(THREE + ",\"explain\":false}")).at("/results/0");

        assertThat(best.has("explanation")).isFalse();
        assertThat(best.at("/label").asInt()).isEqualTo(2);
    }

    @Test
    void warnsAboutAnUnknownModelAndTheRerankersOwnWarningsFollow() {
        reranker.play(run -> {
            run.emit(new RerankEvent.Started(0));
            run.playDocument(0);
            run.finish("a document was cut");
        });

        JsonNode body = Http.json(post("{\"query\":\"q\",\"documents\":[\"good\"],\"model\":\"rerank-v3.5\"}"));

        assertThat(body.at("/model").asString()).isEqualTo(FakeReranker.MODEL);
        assertThat(body.at("/meta/warnings/0").asString())
                .contains("rerank-v3.5")
                .contains(FakeReranker.MODEL);
        assertThat(body.at("/meta/warnings/1").asString()).isEqualTo("a document was cut");
    }

    @Test
    void reportsAFailedDocumentAsAResultWithError() {
        JsonNode results = Http.json(
                        post("{\"query\":\"q\",\"documents\":[{\"id\":\"x\",\"text\":\"boom\"},\"good\"]}"))
                .at("/results");

        assertThat(results.get(0).at("/index").asInt()).isEqualTo(1);
        JsonNode failed = results.get(1);
        assertThat(failed.at("/id").asString()).isEqualTo("x");
        assertThat(failed.at("/error/code").asString()).isEqualTo("engine_failure");
        assertThat(failed.at("/error/message").asString()).isEqualTo("the model stumbled");
        assertThat(failed.at("/error/retryable").asBoolean()).isTrue();
        assertThat(failed.has("label")).isFalse();
    }

    @Test
    void countsSearchUnitsPerHundredDocuments() {
        String documents = "\"fair\",".repeat(100) + "\"good\"";

        JsonNode body = Http.json(post("{\"query\":\"q\",\"documents\":[" + documents + "]}"));

        assertThat(body.at("/meta/billed_units/search_units").asInt()).isEqualTo(2);
    }

    @Test
    void takesASaneRequestIdOverAndMakesOneOtherwise() {
        HttpResponse<String> taken = post(THREE + "}", "X-Request-Id", "trace-1.a:b_c");
        HttpResponse<String> made = post(THREE + "}");

        assertThat(taken.headers().firstValue("X-Request-Id")).contains("trace-1.a:b_c");
        assertThat(Http.json(taken).at("/id").asString()).isEqualTo("trace-1.a:b_c");
        assertThat(made.headers().firstValue("X-Request-Id"))
                .contains(Http.json(made).at("/id").asString());
    }

    @Test
    void answersWhatWasJudgedWhenTheDeadlineCutTheRest() {
        reranker.play(run -> {
            run.emit(new RerankEvent.Started(0));
            run.playDocument(0);
            run.emit(new RerankEvent.DocumentFailed(1, ErrorCode.DEADLINE_EXCEEDED, "too late"));
            run.finish();
        });

        assertThat(post("{\"query\":\"q\",\"documents\":[\"good\",\"fair\"]}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void sendsSecurityHeaders() {
        HttpResponse<String> response = post(THREE + "}");

        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe-inline");
        assertThat(response.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(response.headers().firstValue("X-Frame-Options")).contains("DENY");
    }
}

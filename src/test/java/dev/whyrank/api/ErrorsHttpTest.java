package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ErrorsHttpTest {

    private static final String GOOD = "{\"query\":\"q\",\"documents\":[\"good\"]}";

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

    private static JsonNode requireProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode body = Http.json(response);
        assertThat(body.at("/type").asString()).isEqualTo("about:blank");
        assertThat(body.at("/title").asString()).isNotBlank();
        assertThat(body.at("/status").asInt()).isEqualTo(status);
        assertThat(body.at("/code").asString()).isEqualTo(code);
        assertThat(body.at("/detail").asString()).isNotBlank().doesNotContain("Exception", "dev.whyrank", "java.");
        assertThat(body.at("/message")).isEqualTo(body.at("/detail"));
        assertThat(response.headers().firstValue("X-Request-Id"))
                .contains(body.at("/request_id").asString());
        assertThat(body.at("/retryable").isBoolean()).isTrue();
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        return body;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"documents":["a"]}                                          | query
                    {"query":" ","documents":["a"]}                              | query
                    {"query":5,"documents":["a"]}                                | query
                    {"query":true,"documents":["a"]}                             | query
                    {"query":["q"],"documents":["a"]}                            | query
                    {"query":"q"}                                                | documents
                    {"query":"q","documents":[]}                                 | documents
                    {"query":"q","documents":null}                               | documents
                    {"query":"q","documents":"a"}                                | documents
                    {"query":"q","documents":["a",null]}                         | documents[1]
                    {"query":"q","documents":["a",7]}                            | documents[1]
                    {"query":"q","documents":["a",["b"]]}                        | documents[1]
                    {"query":"q","documents":[{"id":"x"}]}                       | documents[0].text
                    {"query":"q","documents":[{"text":3}]}                       | documents[0].text
                    {"query":"q","documents":[{"text":"a","score":"high"}]}      | documents[0].score
                    {"query":"q","documents":[{"text":"a","score":1e999}]}       | documents[0].score
                    {"query":"q","documents":["a"],"top_n":-1}                   | top_n
                    {"query":"q","documents":["a"],"top_n":"3"}                  | top_n
                    {"query":"q","documents":["a"],"top_n":2.5}                  | top_n
                    {"query":"q","documents":["a"],"top_n":99999999999}          | top_n
                    {"query":"q","documents":["a"],"explain":"yes"}              | explain
                    {"query":"q","documents":["a"],"explain_top_n":0}            | explain_top_n
                    {"query":"q","documents":["a"],"max_explanation_tokens":0}   | max_explanation_tokens
                    {"query":"q","documents":["a"],"max_explanation_tokens":1025}| max_explanation_tokens
                    {"query":"q","documents":["a"],"max_tokens_per_doc":0}       | max_tokens_per_doc
                    {"query":"q","documents":["a"],"truncation":"middle"}        | truncation
                    {"query":"q","documents":["a"],"alpha":1.5}                  | alpha
                    {"query":"q","documents":["a"],"alpha":-0.1}                 | alpha
                    {"query":"q","documents":["a"],"deadline_ms":0}              | deadline_ms
                    {"query":"q","documents":["a"],"stream":"true"}              | stream
                    {"query":"q","documents":["a"],"stream_format":"xml"}        | stream_format
                    """)
    void namesTheFieldThatIsWrong(String body, String field) {
        JsonNode problem = requireProblem(post(body), 400, "invalid_request");

        assertThat(problem.at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(problem.at("/errors/0/message").asString()).isNotBlank();
        assertThat(problem.at("/detail").asString()).startsWith(field + ": ");
        assertThat(problem.at("/retryable").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"query":"q","documents":["a"]
                    {query:q}
                    not json
                    [1]
                    "q"
                    null
                    {"query":"q","documents":["a"]} x
                    ``
                    """)
    void refusesWhatIsNoJsonObject(String body) {
        requireProblem(post(body), 400, "invalid_request");
    }

    @Test
    void refusesBottomlessNesting() {
        requireProblem(
                post("{\"query\":\"q\",\"documents\":[{\"text\":\"a\",\"metadata\":" + "[".repeat(100_000)),
                400,
                "invalid_request");
    }

    @Test
    void listsEveryFieldThatBreaksALimit() {
        JsonNode problem = requireProblem(
                post("{\"query\":\"\",\"documents\":[\"a\"],\"top_n\":-1,\"alpha\":7}"), 400, "invalid_request");

        assertThat(problem.at("/errors")).hasSize(3);
    }

    @Test
    void unknownPathsAreNotFound() {
        requireProblem(new Http(port).get("/nowhere"), 404, "not_found");
        requireProblem(new Http(port).post("/v1/nowhere", "{}"), 404, "not_found");
    }

    @Test
    void otherMethodsAreNotAllowed() {
        HttpResponse<String> response = new Http(port).get("/v1/rerank");

        requireProblem(response, 405, "method_not_allowed");
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void otherAnswersAreNotAcceptable() {
        requireProblem(post(GOOD, "Accept", "text/plain"), 406, "not_acceptable");
    }

    @Test
    void otherBodiesAreUnsupported() {
        requireProblem(post(GOOD, "Content-Type", "text/plain"), 415, "unsupported_media_type");
    }

    @Test
    void tooManyDocumentsAreTooLarge() {
        String documents = "\"\",".repeat(1000) + "\"\"";

        JsonNode problem =
                requireProblem(post("{\"query\":\"q\",\"documents\":[" + documents + "]}"), 413, "too_large");

        assertThat(problem.at("/detail").asString()).contains("1001", "1000");
    }

    @Test
    void tooManyBytesAreTooLarge() {
        String text = "x".repeat(11 << 20);

        requireProblem(post("{\"query\":\"q\",\"documents\":[\"" + text + "\"]}"), 413, "too_large");
    }

    @ParameterizedTest
    @CsvSource({
        "TOO_LARGE,413,too_large,false",
        "CONTEXT_LENGTH_EXCEEDED,422,context_length_exceeded,false",
        "OVERLOADED,429,overloaded,true",
        "RATE_LIMITED,429,rate_limited,true",
        "NOT_READY,503,not_ready,true",
        "DEADLINE_EXCEEDED,504,deadline_exceeded,true",
        "ENGINE_FAILURE,500,engine_failure,true",
        "INVALID_REQUEST,400,invalid_request,false",
    })
    void refusalsOfTheRerankerBecomeStatuses(ErrorCode code, int status, String name, boolean retryable) {
        reranker.refuse(new RerankException(code, "because"));

        JsonNode problem = requireProblem(post(GOOD), status, name);

        assertThat(problem.at("/detail").asString()).isEqualTo("because");
        assertThat(problem.at("/retryable").asBoolean()).isEqualTo(retryable);
    }

    @ParameterizedTest
    @CsvSource({"OVERLOADED,1,1", "OVERLOADED,2500,3", "NOT_READY,30000,30", "NOT_READY,0,1"})
    void saysInWholeSecondsWhenToTryAgain(ErrorCode code, long millis, String seconds) {
        reranker.refuse(new RerankException(code, "later", Duration.ofMillis(millis)));

        assertThat(post(GOOD).headers().firstValue("Retry-After")).contains(seconds);
    }

    @Test
    void failuresAfterAdmissionAreStatusesToo() {
        reranker.play(run -> {
            run.emit(new RerankEvent.Started(0));
            run.fail(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "the query is too long");
        });

        requireProblem(post(GOOD), 422, "context_length_exceeded");
    }

    @Test
    void nothingInTimeIsAGatewayTimeout() {
        reranker.play(run -> {
            run.emit(new RerankEvent.Started(0));
            run.fail(ErrorCode.DEADLINE_EXCEEDED, "too late");
        });

        requireProblem(post(GOOD), 504, "deadline_exceeded");
    }

    @Test
    void whatIsSentInARequestIdCannotForgeHeadersOrLogs() {
        HttpResponse<String> response = new Http(port).get("/nowhere", "X-Request-Id", "a b\t<c>" + "d".repeat(200));

        assertThat(response.headers().firstValue("X-Request-Id")).contains("abc" + "d".repeat(61));
    }
}

package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.Patience;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class QueriesHttpTest {

    @Autowired
    FakeQueryWriter writer;

    @LocalServerPort
    int port;

    private HttpResponse<String> post(String body, String... headers) {
        return new Http(port).post("/v1/queries", body, headers);
    }

    @Test
    void answersWithTheQueries() {
        HttpResponse<String> response = post(
                "{\"question\":\"why\",\"max_queries\":2,\"model\":\"other\",\"unknown\":1}", "X-Request-Id", "r-1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(Http.json(response)).isEqualTo(Http.json("""
                {"id": "r-1", "object": "queries", "model": "fake-1", "queries": ["why 1", "why 2"],
                 "usage": {"prompt_tokens": 30, "completion_tokens": 12, "total_tokens": 42}}"""));
    }

    @Test
    void tenAreWantedUnlessSomebodySaysOtherwise() {
        assertThat(Http.json(post("{\"question\":\"why\"}")).get("queries")).hasSize(10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                     | question
                    {"question":""}                        | question
                    {"question":"\\u00a0\\u200b"}          | question
                    {"question":7}                         | question
                    {"question":"q","max_queries":0}       | max_queries
                    {"question":"q","max_queries":11}      | max_queries
                    {"question":"q","max_queries":"2"}     | max_queries
                    """)
    void namesTheFieldThatIsWrong(String body, String field) {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = Http.json(response);
        assertThat(problem.at("/code").asString()).isEqualTo("invalid_request");
        assertThat(problem.at("/errors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void aRefusalSaysWhenToComeBack() {
        HttpResponse<String> response = post("{\"question\":\"busy\"}");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("3");
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("overloaded");
    }

    @Test
    void aFailureIsAProblem() {
        HttpResponse<String> response = post("{\"question\":\"boom\"}");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("engine_failure");
    }

    @Test
    void aClientThatLeavesCancelsItsQuestion() throws Exception {
        String body = "{\"question\":\"forever\"}";
        String request = "POST /v1/queries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        try (Socket socket = new Socket("localhost", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(writer.hanging.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(writer.cancelled.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}

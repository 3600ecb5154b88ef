package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/**
 * Holds {@code openapi.yaml} to the running service. To write it anew after a change of the contract: {@code ./mvnw test
 * -Dtest=OpenApiTest -Dwhyrank.update-openapi=true}.
 */
@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class OpenApiTest {

    private static final Path FILE = Path.of("openapi.yaml");

    @Autowired
    FakeReranker reranker;

    @LocalServerPort
    int port;

    @BeforeEach
    void reset() {
        reranker.reset();
    }

    @Test
    void theCommittedDescriptionIsTheServices() throws IOException {
        var response = new Http(port).get("/v3/api-docs.yaml");
        assertThat(response.statusCode()).isEqualTo(200);
        String served = response.body().replace("\r\n", "\n").stripTrailing() + "\n";
        if (Boolean.getBoolean("whyrank.update-openapi")) {
            Files.writeString(FILE, served);
        }

        assertThat(Files.readString(FILE))
                .as("run ./mvnw test -Dtest=OpenApiTest -Dwhyrank.update-openapi=true and commit openapi.yaml")
                .isEqualTo(served);
    }

    @Test
    void describesTheStreamAndEveryRefusal() {
        JsonNode docs = Http.json(new Http(port).get("/v3/api-docs"));

        JsonNode rerank = docs.at("/paths/~1v1~1rerank/post");
        assertThat(rerank.at("/responses/200/content/text~1event-stream").isMissingNode())
                .isFalse();
        for (String status : List.of("400", "401", "403", "404", "413", "415", "422", "429", "500", "503", "504")) {
            assertThat(rerank.at("/responses/" + status + "/content/application~1problem+json/schema/$ref")
                            .asString(""))
                    .as(status)
                    .endsWith("/Problem");
        }
        assertThat(docs.findValuesAsString("$ref"))
                .as("no reference dangles")
                .allSatisfy(ref ->
                        assertThat(docs.at(ref.substring(1)).isObject()).as(ref).isTrue());
        assertThat(docs.at("/servers/0/url").asString()).isEqualTo("/");
        assertThat(docs.at("/components/schemas/RerankRequest/required").toString())
                .contains("query", "documents");
    }

    @Test
    void theExampleRequestIsAnsweredInTheShapeOfTheExampleResponse() {
        JsonNode answer = Http.json(new Http(port).post("/v1/rerank", Examples.RERANK_REQUEST));
        JsonNode example = Http.json(Examples.RERANK_RESPONSE);

        assertThat(fields("", example.at("/results/0")))
                .containsExactlyInAnyOrderElementsOf(fields("", withId(answer, "leaf-1")));
        for (String part : List.of("usage", "meta", "timings")) {
            assertThat(fields(part, answer.get(part))).isEqualTo(fields(part, example.get(part)));
        }
    }

    @Test
    void theExampleProblemHasTheFieldsOfARealOne() {
        JsonNode problem = Http.json(new Http(port).post("/v1/rerank", "{\"query\":\"\",\"documents\":[\"a\"]}"));

        assertThat(fields("", problem)).isEqualTo(fields("", Http.json(Examples.PROBLEM)));
    }

    @Test
    void showsSwaggerUi() {
        var page = new Http(port).get("/swagger-ui.html");

        assertThat(page.statusCode()).isIn(200, 302, 303, 307);
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    private static JsonNode withId(JsonNode answer, String id) {
        for (JsonNode result : answer.at("/results")) {
            if (result.at("/id").asString("").equals(id)) {
                return result;
            }
        }
        throw new AssertionError("no result has id " + id);
    }

    /** Paths of all object fields. */
    private static List<String> fields(String at, JsonNode node) {
        List<String> paths = new ArrayList<>();
        for (var property : node.properties()) {
            paths.add(at + "/" + property.getKey());
            paths.addAll(fields(at + "/" + property.getKey(), property.getValue()));
        }
        return paths;
    }
}

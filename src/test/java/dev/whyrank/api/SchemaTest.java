package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real bodies against the described schemas, closed: a field that is not described fails too. */
@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class SchemaTest {

    private static final String DOCUMENTS =
            "\"documents\":[\"good\",{\"id\":\"b\",\"text\":\"boom\",\"title\":\"t\",\"metadata\":{\"k\":1}}]";

    private static final Map<String, String> PATHS =
            Map.of("ScoreRequest", "/v1/score", "QueriesRequest", "/v1/queries");

    @Autowired
    FakeReranker reranker;

    @LocalServerPort
    int port;

    @BeforeEach
    void reset() {
        reranker.reset();
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("/v1/rerank", "{\"query\":\"q\"," + DOCUMENTS + "}", "RerankResponse"),
                Arguments.of(
                        "/v1/rerank",
                        "{\"query\":\"q\",\"return_documents\":true," + DOCUMENTS + "}",
                        "RerankResponse"),
                Arguments.of("/v1/rerank", "{\"query\":3}", "Problem"),
                Arguments.of("/v2/rerank", "{\"query\":\"q\"," + DOCUMENTS + "}", "CohereRerankResponse"),
                Arguments.of("/v2/rerank", "{}", "CohereError"),
                Arguments.of("/rerank", "{\"query\":\"q\"," + DOCUMENTS + "}", "JinaRerankResponse"),
                Arguments.of("/rerank", "{}", "TeiError"),
                Arguments.of("/rerank", "{\"query\":\"q\",\"documents\":[]}", "VllmErrorBody"),
                Arguments.of("/v1/score", "{\"text_1\":\"q\",\"text_2\":[\"good\"]}", "ScoreResponse"),
                Arguments.of("/v1/score", "{", "VllmErrorBody"),
                Arguments.of("/v1/queries", Examples.QUERIES_REQUEST, "QueriesResponse"),
                Arguments.of("/v1/queries", "{}", "Problem"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAreWhatIsDescribed(String path, String body, String schema) {
        String answer = new Http(port).post(path, body).body();

        assertThat(violations(schema, answer)).as(answer).isEmpty();
    }

    @Test
    void completedDocumentsInAStreamAreResults() {
        String stream = new Http(port)
                .post("/v1/rerank", "{\"query\":\"q\",\"stream\":true," + DOCUMENTS + "}")
                .body();
        List<Sse.Event> completed = Sse.parse(stream).stream()
                .filter(event -> event.name().equals("document.completed"))
                .toList();

        assertThat(completed).hasSize(1);
        assertThat(violations("RerankResult", completed.get(0).data())).isEmpty();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("RerankRequest", Examples.RERANK_REQUEST, true),
                Arguments.of("RerankRequest", "{\"query\":\"q\",\"documents\":[\"a\"],\"truncation\":false}", true),
                Arguments.of("RerankRequest", "{\"query\":\"q\",\"documents\":[\"a\"],\"truncation\":\"end\"}", true),
                Arguments.of("RerankRequest", "{\"query\":\"q\",\"documents\":[7]}", false),
                Arguments.of("RerankRequest", "{\"query\":\"q\",\"documents\":[]}", false),
                Arguments.of("RerankRequest", "{\"query\":\"q\",\"documents\":[\"a\"],\"alpha\":2}", false),
                Arguments.of("RerankRequest", "{\"query\":\"q\",\"documents\":[{\"id\":\"x\"}]}", false),
                Arguments.of("ScoreRequest", "{\"text_1\":\"q\",\"text_2\":[\"a\"]}", true),
                Arguments.of("ScoreRequest", "{\"text_1\":[\"q\"],\"text_2\":\"a\"}", true),
                Arguments.of("ScoreRequest", "{\"text_1\":1,\"text_2\":\"a\"}", false),
                Arguments.of("QueriesRequest", Examples.QUERIES_REQUEST, true),
                Arguments.of("QueriesRequest", "{\"question\":\"q\",\"max_queries\":11}", false),
                Arguments.of("QueriesRequest", "{\"max_queries\":1}", false));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theDescriptionAndTheServiceAgreeOnWhatIsValid(String schema, String body, boolean valid) {
        String path = PATHS.getOrDefault(schema, "/v1/rerank");

        assertThat(violations(schema, body).isEmpty()).isEqualTo(valid);
        assertThat(new Http(port).post(path, body).statusCode() == 200).isEqualTo(valid);
    }

    private List<String> violations(String name, String body) {
        JsonNode components = Http.json(new Http(port).get("/v3/api-docs")).get("components");
        components.get("schemas").forEach(SchemaTest::close);
        ObjectNode root = new JsonMapper().createObjectNode();
        root.put("$ref", "#/components/schemas/" + name);
        root.set("components", components);
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(root);
        return schema.validate(body, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties")) {
            object.put("additionalProperties", false);
        }
    }
}

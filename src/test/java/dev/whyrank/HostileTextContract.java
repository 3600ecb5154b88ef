package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.api.Http;
import dev.whyrank.api.Sse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service promises whatever the texts hold, with any model. The client gives up after a minute. */
abstract class HostileTextContract {

    private static final String QUERY = "\"eggs?\"";
    private static final String OFF_TOPIC = "A bridge crosses the river.";
    private static final String BRIEF = ",\"max_explanation_tokens\":8";

    @LocalServerPort
    int port;

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#shortOnes")
    void judgesAHostileDocumentLikeAnyOther(String text) {
        JsonNode hostile = checked(text);

        assertThat(hostile.get("truncated").asBoolean()).isFalse();
        assertThat(hostile.get("label_source").asString()).isEqualTo(ordinaryLabelSource());
    }

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#longOnes")
    void cutsAMegabyteAndSaysSo(String text) {
        JsonNode hostile = checked(text);

        assertThat(hostile.get("truncated").asBoolean()).isTrue();
        assertThat(hostile.get("label_source").asString()).isEqualTo(ordinaryLabelSource());
    }

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#emptyOnes")
    void saysThatADocumentIsBlank(String text) {
        JsonNode hostile = checked(text);

        assertThat(hostile.get("explanation").asString()).isEqualTo("The document is blank.");
        assertThat(hostile.get("label_source").asString()).isEqualTo("defaulted");
        assertThat(hostile.get("label").asInt()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#longOnes")
    void refusesADocumentThatMayNotBeCut(String text) {
        HttpResponse<String> response =
                post(HostileTexts.body(QUERY, List.of(text), BRIEF + ",\"truncation\":\"error\""));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("context_length_exceeded");
        assertThat(Http.json(response).at("/detail").asString()).startsWith("documents[0]");
    }

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#shortOnes")
    void answersAHostileQuery(String text) {
        String body = HostileTexts.body(text, HostileTexts.mates(), BRIEF);
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(Http.json(response).get("results"))
                .hasSize(2)
                .allSatisfy(result ->
                        assertThat(result.get("label_source").asString()).isEqualTo(ordinaryLabelSource()));
        requireEvents(stream(body), 2);
    }

    @ParameterizedTest
    @MethodSource("dev.whyrank.HostileTexts#emptyOnes")
    void refusesAQueryOfNothing(String text) {
        HttpResponse<String> response = post(HostileTexts.body(text, HostileTexts.mates(), BRIEF));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(Http.json(response).at("/errors/0/field").asString()).isEqualTo("query");
    }

    @Test
    void refusesAQueryOfAMegabyte() {
        String query = HostileTexts.literal("why ".repeat(HostileTexts.MEGABYTE / 4));
        HttpResponse<String> response = post(HostileTexts.body(query, HostileTexts.mates(), BRIEF));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("context_length_exceeded");
        assertThat(response.body()).hasSizeLessThan(2000);
    }

    @Test
    void echoesNoHalfCharacters() {
        String hostile = HostileTexts.literal(HostileTexts.LONE_SURROGATES);
        String object = "{\"id\":" + hostile + ",\"text\":" + hostile + "}";
        String body = HostileTexts.body(QUERY, List.of(object, hostile), BRIEF + ",\"return_documents\":true");

        assertThat(post(body).body() + stream(body))
                .contains("Put \ufffd eggs \ufffd in \ufffd\ufffd water.")
                .doesNotContainIgnoringCase("\\ud8", "\\udc");
    }

    /** All in one request, behind the same words as in the first document, between two that nobody touched. */
    @Test
    void noInjectionGetsOutOfItsDocument() throws IOException {
        List<Injection> injections = Injection.read();
        List<String> documents = new ArrayList<>(HostileTexts.mates());
        documents.add(json(OFF_TOPIC));
        String without = HostileTexts.body(QUERY, documents, BRIEF);
        injections.forEach(injection -> documents.add(json(injection.after(OFF_TOPIC))));
        String body = HostileTexts.body(QUERY, documents, BRIEF);

        List<JsonNode> results = ordered(Http.json(post(body)).get("results").valueStream());
        List<JsonNode> unattacked =
                ordered(Http.json(post(without)).get("results").valueStream());
        List<JsonNode> streamed = requireEvents(stream(body), documents.size());

        assertThat(injections).hasSize(50);
        for (int i = 0; i < unattacked.size(); i++) {
            requireSame(results.get(i), unattacked.get(i));
        }
        for (int i = 0; i < documents.size(); i++) {
            requireSame(streamed.get(i), results.get(i));
            assertThat(results.get(i).get("label_source").asString()).isEqualTo(ordinaryLabelSource());
        }
        requireNothingWon(injections, unattacked.get(2), results.subList(unattacked.size(), results.size()));
    }

    private static String json(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

    /** Whether the words behind a document earned it anything is a question to a model that can judge. */
    void requireNothingWon(List<Injection> injections, JsonNode unattacked, List<JsonNode> attacked)
            throws IOException {}

    /** The source of a label that was not defaulted. */
    abstract String ordinaryLabelSource();

    /** Posts the text among two harmless documents, both ways, and gives its result. */
    private JsonNode checked(String text) {
        String body = HostileTexts.body(QUERY, HostileTexts.amongMates(text), BRIEF);
        HttpResponse<String> response = post(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<JsonNode> results = ordered(Http.json(response).get("results").valueStream());
        HttpResponse<String> without = post(HostileTexts.body(QUERY, HostileTexts.mates(), BRIEF));
        List<JsonNode> mates = ordered(Http.json(without).get("results").valueStream());
        assertThat(results).hasSize(3);
        requireSame(results.get(0), mates.get(0));
        requireSame(results.get(2), mates.get(1));
        JsonNode streamed = requireEvents(stream(body), 3).get(1);
        requireSame(streamed, results.get(1));
        return results.get(1);
    }

    private static void requireSame(JsonNode one, JsonNode other) {
        for (String field : List.of("label", "label_source", "explanation", "truncated", "finish_reason")) {
            assertThat(one.get(field)).as(field).isEqualTo(other.get(field));
        }
        assertThat(one.get("model_score").asDouble())
                .isCloseTo(other.get("model_score").asDouble(), within(1e-4));
    }

    /** Each document ends once, its deltas are its explanation, and the stream ends once, last of all. */
    private static List<JsonNode> requireEvents(String stream, int documents) {
        List<Sse.Event> events = Sse.parse(stream).stream()
                .filter(event -> event.comment().isEmpty())
                .toList();
        List<JsonNode> completed = new ArrayList<>();
        Map<Integer, StringBuilder> told = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            Sse.Event event = events.get(i);
            assertThat(event.id()).isEqualTo(String.valueOf(i + 1));
            JsonNode data = event.json();
            if (event.name().equals("explanation.delta")) {
                told.computeIfAbsent(data.get("index").asInt(), index -> new StringBuilder())
                        .append(data.get("delta").asString());
            } else if (event.name().equals("document.completed")) {
                completed.add(data);
            }
        }
        assertThat(completed)
                .extracting(HostileTextContract::index)
                .doesNotHaveDuplicates()
                .hasSize(documents);
        assertThat(completed)
                .allSatisfy(result -> assertThat(told.getOrDefault(index(result), new StringBuilder())
                                .toString())
                        .isEqualTo(result.get("explanation").asString()));
        assertThat(events.stream().map(Sse.Event::name))
                .containsOnlyOnce("rerank.completed")
                .endsWith("rerank.completed")
                .doesNotContain("document.failed", "error");
        return ordered(completed.stream());
    }

    private static List<JsonNode> ordered(Stream<JsonNode> results) {
        return results.sorted(Comparator.comparingInt(HostileTextContract::index))
                .toList();
    }

    private static int index(JsonNode result) {
        return result.get("index").asInt();
    }

    private HttpResponse<String> post(String body) {
        return new Http(port).post("/v1/rerank", body);
    }

    private String stream(String body) {
        return new Http(port)
                .post("/v1/rerank", body, "Accept", "text/event-stream")
                .body();
    }
}

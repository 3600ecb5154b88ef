package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.Http;
import dev.whyrank.api.Sse;
import dev.whyrank.cli.RerankerFactory.Opened;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.remote.FakeChat;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole service over real HTTP, with a model that is elsewhere and does not always behave. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            // Each test is to see the model asked.
            "whyrank.cache.enabled=false",
            "whyrank.remote.api-key=sk-secret",
            "whyrank.remote.concurrency=3",
            "whyrank.remote.attempts=1",
            "whyrank.remote.idle-timeout=3s",
            "whyrank.remote.document-characters=200"
        })
class RemoteModelTest {

    private static final FakeChat FAKE = new FakeChat(FakeChat::answerWell);

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void model(DynamicPropertyRegistry settings) {
        settings.add("whyrank.model", () -> "openai:" + FAKE.url() + "#judge");
    }

    @AfterAll
    static void close() {
        FAKE.close();
    }

    private static String body(int documents, String more) {
        String texts = IntStream.range(0, documents)
                .mapToObj(i -> "\"document number " + i + "\"")
                .collect(Collectors.joining(","));
        return "{\"query\": \"Why do eggs float?\", \"documents\": [" + texts + "]" + more + "}";
    }

    private List<Sse.Event> stream(int documents, String more) {
        HttpResponse<String> response =
                new Http(port).post("/v1/rerank", body(documents, more), "Accept", "text/event-stream");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Sse.parse(response.body());
    }

    /** Of each document, its terminal event, of which there must be exactly one. */
    private static List<Sse.Event> ends(List<Sse.Event> events, int documents) {
        Map<Integer, Sse.Event> ends = new TreeMap<>();
        for (Sse.Event event : events) {
            if (event.name().equals("document.completed") || event.name().equals("document.failed")) {
                assertThat(ends.put(event.json().path("index").asInt(-1), event))
                        .as("a second end: %s", event)
                        .isNull();
            }
        }
        assertThat(ends).hasSize(documents);
        return List.copyOf(ends.values());
    }

    private static String deltas(List<Sse.Event> events, int index) {
        return events.stream()
                .filter(event -> event.name().equals("explanation.delta"))
                .map(Sse.Event::json)
                .filter(delta -> delta.path("index").asInt() == index)
                .map(delta -> delta.path("delta").asString())
                .collect(Collectors.joining());
    }

    @Test
    void streamsAnExplanationAndScoresByTheAlternativesOfTheLabel() {
        FAKE.script(FakeChat::answerWell);

        List<Sse.Event> events = stream(2, ", \"alpha\": 1");

        JsonNode done = ends(events, 2).get(1).json();
        assertThat(deltas(events, 1)).isEqualTo("Eggs float.");
        assertThat(done.path("explanation").asString()).isEqualTo("Eggs float.");
        assertThat(done.path("label").asInt()).isEqualTo(2);
        assertThat(done.path("label_source").asString()).isEqualTo("stated");
        assertThat(done.path("explanation_kind").asString()).isEqualTo("reasoning");
        double sum = Math.exp(-4) + Math.exp(-2) + Math.exp(-0.2);
        assertThat(done.path("label_probabilities").path(1).asDouble())
                .isCloseTo(Math.exp(-2) / sum, Offset.offset(1e-6));
        assertThat(done.path("model_score").asDouble())
                .isCloseTo((Math.exp(-2) + 2 * Math.exp(-0.2)) / sum / 2, Offset.offset(1e-6));
        assertThat(done.path("usage").path("prompt_tokens").asInt()).isEqualTo(100);
        assertThat(done.path("usage").path("cached_tokens").asInt()).isEqualTo(40);
        assertThat(done.path("usage").path("completion_tokens").asInt()).isEqualTo(20);
        assertThat(events.get(events.size() - 1).name()).isEqualTo("rerank.completed");
        assertThat(events.get(events.size() - 1).json().path("model").asString())
                .isEqualTo("judge");
        FakeChat.Asked asked = FAKE.asked().get(0);
        assertThat(asked.authorization()).isEqualTo("Bearer sk-secret");
        assertThat(asked.words())
                .startsWith("Explain whether the following document is relevant")
                .contains("Your response should have this format")
                .contains("Question: Why do eggs float?\nDocument: document number");
    }

    @Test
    void withoutAlternativesTheStatedLabelCountsAlone() {
        FAKE.script((request, answer) ->
                answer.words("So-so.\n\nRelevance La", "bel: 1 ##").end("stop"));

        JsonNode done = ends(stream(1, ""), 1).get(0).json();

        assertThat(done.path("label").asInt()).isEqualTo(1);
        assertThat(done.path("label_probabilities").path(1).asDouble()).isEqualTo(1);
        assertThat(done.path("explanation").asString()).isEqualTo("So-so.");
    }

    @Test
    void labelsAloneAreAskedForAndNotExplained() {
        FAKE.script((request, answer) -> answer.words("Surely. Relevance Label:")
                .token(" 2", FakeChat.MOSTLY_TWO)
                .end("stop"));

        List<Sse.Event> events = stream(1, ", \"explain\": false");

        assertThat(ends(events, 1).get(0).json().path("label").asInt()).isEqualTo(2);
        assertThat(events).noneMatch(event -> event.name().equals("explanation.delta"));
        assertThat(FAKE.asked().get(0).words()).startsWith("Rate the relevance");
    }

    @Test
    void demandsALabelWhereTheAnswerHadNoRoomForIt() {
        FAKE.script((request, answer) -> {
            if (request.path("messages").size() == 1) {
                answer.words("It goes on", " and on").end("length");
            } else {
                answer.token("1", Map.of("1", -0.1, "2", -2.4)).end("stop");
            }
        });

        List<Sse.Event> events = stream(1, ", \"max_explanation_tokens\": 8");

        JsonNode done = ends(events, 1).get(0).json();
        assertThat(done.path("label_source").asString()).isEqualTo("forced");
        assertThat(done.path("finish_reason").asString()).isEqualTo("length");
        assertThat(done.path("label").asInt()).isEqualTo(1);
        assertThat(done.path("label_probabilities").path(2).asDouble())
                .isCloseTo(Math.exp(-2.4) / (Math.exp(-2.4) + Math.exp(-0.1)), Offset.offset(1e-6));
        assertThat(deltas(events, 0)).isEqualTo("It goes on and on");
        assertThat(done.path("usage").path("completion_tokens").asInt()).isEqualTo(40);
        assertThat(FAKE.asked()
                        .get(1)
                        .body()
                        .path("messages")
                        .path(1)
                        .path("content")
                        .asString())
                .isEqualTo("It goes on and on");
    }

    @Test
    void theDeadlineDemandsLabelsOfThoseAtWorkAndWithdrawsTheRest() {
        FAKE.script((request, answer) -> {
            if (request.path("messages").size() == 1) {
                answer.words("Let me think").dawdle();
            } else {
                answer.words("Relevance Label: 2 ##").end("stop");
            }
        });

        List<Sse.Event> events = stream(5, ", \"deadline_ms\": 1500");

        List<Sse.Event> ends = ends(events, 5);
        assertThat(ends.get(0).json().path("finish_reason").asString()).isEqualTo("deadline");
        assertThat(ends.get(0).json().path("label_source").asString()).isEqualTo("forced");
        assertThat(ends.get(0).json().path("explanation").asString()).isEqualTo("Let me think");
        assertThat(ends.get(4).json().path("code").asString()).isEqualTo("deadline_exceeded");
        assertThat(FAKE.mostOpen()).isLessThanOrEqualTo(6);
    }

    @Test
    void everyFailureEndsItsDocumentOnceAndNoOther() throws Exception {
        FAKE.script((request, answer) -> {
            String words = FakeChat.lastWords(request);
            if (words.endsWith("number 0")) {
                answer.status(500, "{\"error\":{\"message\":\"Why do eggs float?\"}}");
            } else if (words.endsWith("number 1")) {
                answer.words("Hm").raw(": and then");
                Thread.sleep(30_000);
            } else if (words.endsWith("number 2")) {
                answer.words("Half an ans").cut();
            } else if (words.endsWith("number 3")) {
                answer.raw("data: {\"choices\":[]}").raw("data: [DONE]");
            } else if (words.endsWith("number 4")) {
                answer.words("Then").raw("data: {{{");
            } else if (words.endsWith("number 5")) {
                answer.status(429, "{}", "Retry-After", "1");
            } else {
                FakeChat.answerWell(request, answer);
            }
        });

        List<Sse.Event> events = stream(7, "");

        List<Sse.Event> ends = ends(events, 7);
        assertThat(message(ends, 0)).isEqualTo("the remote model answered with status 500");
        assertThat(message(ends, 1)).startsWith("the remote model was silent");
        assertThat(message(ends, 2)).isEqualTo("the remote model broke off its answer");
        assertThat(message(ends, 3)).isEqualTo("the remote model ended its answer without a word");
        assertThat(message(ends, 4)).isEqualTo("the remote model sent no readable JSON");
        assertThat(ends.get(5).json().path("code").asString()).isEqualTo("overloaded");
        assertThat(ends.get(6).name()).isEqualTo("document.completed");
        assertThat(events.get(events.size() - 1).name()).isEqualTo("rerank.completed");
        assertThat(FAKE.mostOpen()).isLessThanOrEqualTo(4);
    }

    private static String message(List<Sse.Event> ends, int index) {
        return ends.get(index).json().path("message").asString();
    }

    @Test
    void aClientThatLeavesEndsTheCallsElsewhere() throws Exception {
        FAKE.script((request, answer) -> answer.words("Slowly").dawdle());
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/rerank"))
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body(5, "")))
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.body().read(new byte[64])).isPositive();
        await(() -> FAKE.asked().size() == 3);

        response.body().close();

        await(() -> FAKE.left() == 3);
        assertThat(FAKE.asked()).hasSize(3);
    }

    private static void await(BooleanSupplier reached) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void aLongDocumentIsCutAndSaysSoOrIsRefused() {
        FAKE.script(FakeChat::answerWell);
        String request = "{\"query\":\"q\",\"documents\":[\"" + "long ".repeat(100) + "\"]%s}";

        HttpResponse<String> cut = new Http(port).post("/v1/rerank", request.formatted(""));
        HttpResponse<String> refused =
                new Http(port).post("/v1/rerank", request.formatted(",\"truncation\":\"error\""));

        assertThat(Http.json(cut).at("/results/0/truncated").asBoolean()).isTrue();
        assertThat(FAKE.asked().get(0).words()).endsWith("Document: " + "long ".repeat(40));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(FAKE.asked()).hasSize(1);
    }

    @Test
    void commandsUseItByTheSameName() throws Exception {
        FAKE.script(FakeChat::answerWell);
        try (Opened opened = new LocalRerankerFactory().open("openai:" + FAKE.url() + "#judge")) {
            assertThat(opened.reranker().explanationKind()).isEqualTo(ExplanationKind.REASONING);
            CompletableFuture<RerankEvent> end = new CompletableFuture<>();
            List<RerankRequest.Candidate> documents = List.of(new RerankRequest.Candidate("An egg.", null));
            opened.reranker()
                    .rerank(new RerankRequest("one", "Why?", documents, RerankRequest.Options.DEFAULT), event -> {
                        if (event instanceof RerankEvent.Completed || event instanceof RerankEvent.Failed) {
                            end.complete(event);
                        }
                    });
            assertThat(end.get(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            RerankEvent.Completed.class,
                            completed -> assertThat(completed.ranking()).hasSize(1));
        }
    }

    @Test
    void queriesSayThatTheyNeedAModelHere() {
        HttpResponse<String> response = new Http(port).post("/v1/queries", "{\"question\":\"Why?\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("a language model in this process");
    }
}

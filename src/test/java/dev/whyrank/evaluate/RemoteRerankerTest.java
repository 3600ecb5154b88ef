package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.RerankRequest.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteRerankerTest {

    private static final String PROBED = """
            {"model":"m","results":[{"index":0,"relevance_score":1,"model_score":1,"label":2,"labels":[0,1,2],
            "label_probabilities":[0,0,1],"label_source":"stated","explanation_kind":"reasoning"}]}
            """;
    private static final String ANSWER = """
            {"model":"m","results":[
            {"index":1,"relevance_score":0.8,"model_score":0.9,"label":2,"labels":[0,1,2],"label_probabilities":[0.1,0.0,0.9],
            "label_source":"forced","explanation":"why","explanation_kind":"reasoning","finish_reason":"length",
            "truncated":true,"usage":{"prompt_tokens":7,"cached_tokens":3,"completion_tokens":4}},
            {"index":0,"error":{"code":"deadline_exceeded","message":"late"}}],"timings":{"total_ms":12}}
            """;

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private final HttpServer server = startServer();

    private record Answer(int status, String body) {}

    private HttpServer startServer() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            started.createContext("/v1/rerank", this::answer);
            return started;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Answer answer = answers.remove();
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Retry-After", "0");
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @BeforeEach
    void start() {
        answers.add(new Answer(200, PROBED));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void turnsAnswersIntoEventsAndRetriesWhereTheServiceIsFull() throws InterruptedException {
        answers.add(new Answer(429, "{\"code\":\"overloaded\"}"));
        answers.add(new Answer(200, ANSWER));
        RemoteReranker reranker = new RemoteReranker(url(), null);
        assertThat(reranker.model()).isEqualTo("m");
        assertThat(reranker.explanationKind()).isEqualTo(ExplanationKind.REASONING);
        List<RerankEvent> events = events(reranker);
        RerankEvent.Completed completed = (RerankEvent.Completed) events.get(events.size() - 1);
        assertThat(completed.ranking()).extracting(RerankEvent.Ranked::index).containsExactly(1, 0);
        Judgement judgement = Objects.requireNonNull(completed.ranking().get(0).judgement());
        assertThat(judgement.source()).isEqualTo(Judgement.LabelSource.FORCED);
        assertThat(judgement.ending()).isEqualTo(Judgement.Ending.LENGTH);
        assertThat(judgement.truncated()).isTrue();
        assertThat(judgement.usage()).isEqualTo(new Judgement.Usage(7, 3, 4));
        assertThat(completed.ranking().get(1).failure())
                .isEqualTo(new RerankEvent.DocumentFailed(0, ErrorCode.DEADLINE_EXCEEDED, "late"));
        assertThat(List.copyOf(bodies).get(2)).contains("\"score\":1.5", "\"alpha\":0.7", "\"query\":\"q\"");
    }

    @Test
    void problemIsAFailedRequestWithAllDocumentsFailed() throws InterruptedException {
        answers.add(new Answer(422, "{\"code\":\"context_length_exceeded\",\"message\":\"long\"}"));
        List<RerankEvent> events = events(new RemoteReranker(url(), null));
        assertThat(events)
                .endsWith(
                        new RerankEvent.DocumentFailed(0, ErrorCode.CONTEXT_LENGTH_EXCEEDED, "long"),
                        new RerankEvent.DocumentFailed(1, ErrorCode.CONTEXT_LENGTH_EXCEEDED, "long"),
                        new RerankEvent.Failed(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "long"));
    }

    @Test
    void answerThatIsNoRankingIsAFailedRequest() throws InterruptedException {
        answers.add(new Answer(200, "{\"results\":[]}"));
        List<RerankEvent> events = events(new RemoteReranker(url(), null));
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        RerankEvent.Failed.class,
                        failed -> assertThat(failed.message()).contains("0 results for 2 documents"));
    }

    @Test
    void answerWithALabelThatIsNoneIsAFailedRequest() throws InterruptedException {
        answers.add(new Answer(200, ANSWER.replace("\"label\":2", "\"label\":7")));
        List<RerankEvent> events = events(new RemoteReranker(url(), null));
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        RerankEvent.Failed.class,
                        failed -> assertThat(failed.message()).contains("label 7"));
    }

    @Test
    void addressWithoutServiceIsRefusedAtOnce() {
        answers.clear();
        answers.add(new Answer(404, "{}"));
        assertThatThrownBy(() -> new RemoteReranker(url(), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("answers 404");
        assertThatThrownBy(() -> new RemoteReranker("no address", null)).isInstanceOf(InvalidInputException.class);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static List<RerankEvent> events(RemoteReranker reranker) throws InterruptedException {
        BlockingQueue<RerankEvent> queue = new LinkedBlockingQueue<>();
        List<Candidate> candidates = List.of(new Candidate("a", 1.5), new Candidate("b", null));
        reranker.rerank(new RerankRequest("id", "q", candidates, Options.DEFAULT), queue::add);
        List<RerankEvent> events = new ArrayList<>();
        while (true) {
            RerankEvent event = queue.poll(20, TimeUnit.SECONDS);
            assertThat(event).as("after %s", events).isNotNull();
            events.add(event);
            if (event instanceof RerankEvent.Completed || event instanceof RerankEvent.Failed) {
                return events;
            }
        }
    }
}

package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import dev.whyrank.api.Sse;
import dev.whyrank.model.Step;
import dev.whyrank.rerank.ScriptedReranker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Faults of the engine as callers see them: real HTTP, real engine, a model that breaks when it is told to. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsHttpTest {

    private static final Set<String> STREAM_ENDS = Set.of("rerank.completed", "error");
    private static final int DOCUMENTS = 6;
    private static final int STREAMS = 3;
    private static final int EXPLANATION = 40;

    private static ConfigurableApplicationContext context;
    private static ScriptedReranker scripted;
    private static Http http;

    @BeforeAll
    static void serve() {
        context = new SpringApplicationBuilder(ScriptedService.class)
                .properties("server.port=0", "scripted.slots=8", "whyrank.cache.enabled=false")
                .run();
        scripted = context.getBean(ScriptedReranker.class);
        http = new Http(Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port")));
    }

    @AfterAll
    static void end() {
        context.close();
    }

    @BeforeEach
    void letStepsPass() {
        scripted.model().beforeStep(step -> {});
    }

    /** The first prefill, prefills beside decoding, decoding alone, and about where labels are forced. */
    static Stream<Arguments> worstSteps() {
        List<Supplier<Throwable>> faults = List.of(
                () -> new IllegalStateException("made up"),
                () -> new OutOfMemoryError("made up"),
                () -> new StackOverflowError("made up"));
        return Stream.of(1, 2, 12, EXPLANATION, EXPLANATION + 3)
                .flatMap(step -> faults.stream().map(fault -> Arguments.of(step, fault)));
    }

    @ParameterizedTest
    @MethodSource("worstSteps")
    void aBrokenStepEndsItsDocumentsOnceAndTheNextRequestIsServed(int step, Supplier<Throwable> fault) {
        scripted.model().beforeStep(throwing(step, fault));
        List<CompletableFuture<String>> streams = IntStream.range(0, STREAMS)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> stream(texts("document"))))
                .toList();
        List<Sse.Event> events = streams.stream()
                .flatMap(stream -> requireEnds(stream.join()).stream())
                .toList();

        assertThat(named(events, "document.failed"))
                .isNotEmpty()
                .allSatisfy(failed -> assertThat(failed.get("code").asString()).isEqualTo("engine_failure"));
        assertThat(named(requireEnds(stream(texts("after"))), "document.completed"))
                .hasSize(DOCUMENTS);
        requireHealth("liveness", 200);
        requireHealth("readiness", 200);
    }

    @Test
    void aDocumentWhoseNumbersGoBadHarmsNobodyBesideIt() {
        List<String> texts = new ArrayList<>(texts("document"));
        List<JsonNode> alone = named(requireEnds(stream(texts)), "document.completed");
        texts.add(2, ScriptedReranker.BAD_NUMBERS);
        List<Sse.Event> events = requireEnds(stream(texts));

        assertThat(named(events, "document.failed"))
                .singleElement()
                .satisfies(failed -> assertThat(failed.get("index").asInt()).isEqualTo(2));
        assertThat(named(events, "document.completed").stream().map(FaultsHttpTest::judgement))
                .containsExactlyInAnyOrderElementsOf(
                        alone.stream().map(FaultsHttpTest::judgement).toList());
        requireHealth("liveness", 200);
    }

    /** Last, since nothing is served after it. */
    @Test
    @Order(Integer.MAX_VALUE)
    void withoutItsEngineTheProcessSaysSoAndAsksToBeRestarted() {
        scripted.model().beforeStep(throwing(5, () -> {
            // The thread that would have gone on is the one that ends here.
            new Thread(scripted::closeEngine).start();
            return new IllegalStateException("made up");
        }));
        requireEnds(stream(texts("document")));
        await().untilAsserted(() -> requireHealth("liveness", 503));

        assertThat(http.post("/v1/rerank", body(texts("after"), false)).statusCode())
                .isEqualTo(503);
    }

    private static Consumer<Step> throwing(int number, Supplier<Throwable> fault) {
        AtomicInteger steps = new AtomicInteger();
        return step -> {
            if (steps.incrementAndGet() == number) {
                Throwable thrown = fault.get();
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown;
            }
        };
    }

    private static List<String> texts(String name) {
        return IntStream.range(0, DOCUMENTS).mapToObj(i -> name + " " + i).toList();
    }

    private static String stream(List<String> texts) {
        return http.post("/v1/rerank", body(texts, true)).body();
    }

    private static String body(List<String> texts, boolean stream) {
        String documents = texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(","));
        return "{\"query\": \"why?\", \"documents\": [%s], \"max_explanation_tokens\": %d, \"stream\": %s}"
                .formatted(documents, EXPLANATION, stream);
    }

    /** Each document ends once, and the stream ends once and last; with an error if no document was judged. */
    private static List<Sse.Event> requireEnds(String stream) {
        List<Sse.Event> events = Sse.parse(stream).stream()
                .filter(event -> event.comment().isEmpty())
                .toList();
        List<Integer> ends = Stream.of("document.completed", "document.failed")
                .flatMap(name -> named(events, name).stream())
                .map(data -> data.get("index").asInt())
                .toList();
        Set<Integer> distinct = new HashSet<>(ends);
        assertThat(ends).as(stream).hasSameSizeAs(distinct).hasSizeGreaterThanOrEqualTo(DOCUMENTS);
        assertThat(events.stream().map(Sse.Event::name).filter(STREAM_ENDS::contains))
                .as(stream)
                .hasSize(1);
        assertThat(events.get(events.size() - 1).name()).isIn(STREAM_ENDS);
        return events;
    }

    private static List<JsonNode> named(List<Sse.Event> events, String name) {
        return events.stream()
                .filter(event -> event.name().equals(name))
                .map(Sse.Event::json)
                .toList();
    }

    private static String judgement(JsonNode completed) {
        return completed.get("explanation").asString() + completed.get("model_score") + completed.get("label");
    }

    private static void requireHealth(String group, int status) {
        assertThat(http.get("/actuator/health/" + group).statusCode()).as(group).isEqualTo(status);
    }
}

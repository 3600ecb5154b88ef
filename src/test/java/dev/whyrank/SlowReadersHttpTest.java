package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import dev.whyrank.api.Sse;
import dev.whyrank.generate.Gate;
import dev.whyrank.model.Step;
import dev.whyrank.rerank.ScriptedReranker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Real sockets, read in turns of a few bytes that chance decides, so that some clients are far behind while others
 * leave, deadlines pass and steps fail.
 */
class SlowReadersHttpTest {

    private static final int SEEDS = 60;
    private static final int SLOTS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Set<String> DOCUMENT_ENDS = Set.of("document.completed", "document.failed");
    private static final Set<String> STREAM_ENDS = Set.of("rerank.completed", "error");

    private static ConfigurableApplicationContext context;
    private static ScriptedReranker scripted;
    private static int port;
    private static Prometheus meters;

    private record Reader(RawStream stream, int documents, boolean leaves) {}

    @BeforeAll
    static void serve() {
        context = new SpringApplicationBuilder(ScriptedService.class)
                .properties("server.port=0")
                .run("--scripted.slots=" + SLOTS, "--scripted.send-buffer=4096");
        scripted = context.getBean(ScriptedReranker.class);
        port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        meters = new Prometheus(new Http(port));
    }

    @AfterAll
    static void end() {
        if (context != null) {
            context.close();
        }
    }

    @BeforeEach
    void letStepsPass() {
        scripted.model().beforeStep(step -> {});
    }

    @Test
    void everyStreamIsInOrderAndEndsEachDocumentOnce() throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            scripted.model().beforeStep(failing(new Random(seed + 1_000_000L), seed % 4 == 0));
            List<Reader> readers = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                readers.add(open(random));
            }
            readInTurns(readers, random);
            for (Reader reader : readers) {
                if (!reader.leaves()) {
                    outcomes.addAll(requireOrder(reader, "seed " + seed));
                }
            }
            await().atMost(PATIENCE).until(() -> scripted.reranker().queuedTokens() == 0);
        }
        assertThat(meters.value("whyrank_running")).isZero();
        assertThat(meters.value("whyrank_queue_requests")).isZero();
        // A search that never came upon one of these would prove nothing about it.
        assertThat(outcomes)
                .contains("rerank.completed", "document.completed", "engine_failure", "explained", "label only");
    }

    @Test
    void aClientThatLeavesFreesItsSlotsWithinOneStep() throws IOException {
        Gate gate = new Gate();
        double cancelled = meters.value("whyrank_cancelled_total");
        scripted.model().beforeStep(gate);
        try (RawStream client =
                RawStream.open(port, body(List.of("a", "b", "c", "d"), "\"max_explanation_tokens\": 400"))) {
            assertThat(client.read(100)).as("the stream goes on").isTrue();
            gate.awaitArrival();
            gate.pass();
            gate.awaitArrival();
            // The second step is held: the client has its slots.
            assertThat(meters.value("whyrank_running")).isEqualTo(4);
        }
        await().atMost(PATIENCE).until(() -> meters.value("whyrank_cancelled_total") == cancelled + 1);
        gate.pass();
        // Only the step that was under way may pass; if another began, it would stand before the gate and keep its
        // slots.
        await().atMost(PATIENCE).until(() -> meters.value("whyrank_running") == 0);
        assertThat(meters.value("whyrank_kv_usage")).isZero();
        gate.open();
    }

    private static Consumer<Step> failing(Random random, boolean sometimes) {
        return step -> {
            if (sometimes && random.nextInt(60) == 0) {
                throw new IllegalStateException("a step that was chosen to fail");
            }
        };
    }

    private static Reader open(Random random) throws IOException {
        int documents = 1 + random.nextInt(5);
        List<String> options = new ArrayList<>(List.of("\"max_explanation_tokens\": " + (1 + random.nextInt(300))));
        switch (random.nextInt(4)) {
            case 0 -> options.add("\"deadline_ms\": " + (1 + random.nextInt(20)));
            case 1 -> options.add("\"explain_top_n\": " + (1 + random.nextInt(3)));
            case 2 -> options.add("\"explain\": " + (random.nextInt(3) > 0));
            default -> {}
        }
        List<String> texts = IntStream.range(0, documents)
                .mapToObj(i -> random.nextInt(8) == 0 ? " " : "document " + i)
                .toList();
        RawStream stream = RawStream.open(port, body(texts, String.join(", ", options)));
        return new Reader(stream, documents, random.nextInt(4) == 0);
    }

    private static String body(List<String> documents, String options) {
        String texts = documents.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(","));
        return "{\"query\": \"why?\", \"documents\": [%s], \"stream\": true, %s}".formatted(texts, options);
    }

    /** One thread reads for all: whoever is not chosen is slow, and whoever leaves does so in the middle. */
    private static void readInTurns(List<Reader> readers, Random random) throws IOException {
        List<Reader> open = new ArrayList<>(readers);
        while (!open.isEmpty()) {
            Reader reader = open.get(random.nextInt(open.size()));
            boolean gone = reader.leaves() && random.nextInt(20) == 0;
            if (gone || !reader.stream().read(1 + random.nextInt(4000))) {
                reader.stream().close();
                open.remove(reader);
            }
        }
    }

    /** Checks a whole stream; returns what became of it. */
    private static Set<String> requireOrder(Reader reader, String seed) {
        List<Sse.Event> events = reader.stream().events();
        Set<String> outcomes = new TreeSet<>();
        StringBuilder[] told = IntStream.range(0, reader.documents())
                .mapToObj(i -> new StringBuilder())
                .toArray(StringBuilder[]::new);
        int[] deltas = new int[reader.documents()];
        boolean[] ended = new boolean[reader.documents()];
        assertThat(events.get(0).name()).as(seed).isEqualTo("rerank.started");
        for (int i = 0; i < events.size(); i++) {
            Sse.Event event = events.get(i);
            assertThat(event.id()).as(seed).isEqualTo(Integer.toString(i + 1));
            boolean last = i == events.size() - 1;
            assertThat(STREAM_ENDS.contains(event.name())).as(seed).isEqualTo(last);
            if (event.name().startsWith("document.") || event.name().equals("explanation.delta")) {
                int index = event.json().path("index").asInt();
                assertThat(ended[index])
                        .as("%s: document %d has ended", seed, index)
                        .isFalse();
                ended[index] = DOCUMENT_ENDS.contains(event.name());
                if (event.name().equals("explanation.delta")) {
                    assertThat(event.json().path("seq").asInt()).as(seed).isEqualTo(deltas[index]++);
                    told[index].append(event.json().path("delta").asString());
                }
            }
            if (event.name().equals("document.completed")) {
                String explanation = event.json().path("explanation").asString("");
                assertThat(told[event.json().path("index").asInt()].toString())
                        .as(seed)
                        .isEqualTo(explanation);
                outcomes.add(explanation.isEmpty() ? "label only" : "explained");
                outcomes.add(event.json().path("finish_reason").asString());
            }
            outcomes.add(event.name());
            outcomes.add(event.json().path("code").asString(""));
        }
        assertThat(ended).as("%s: every document ends", seed).doesNotContain(false);
        return outcomes;
    }
}

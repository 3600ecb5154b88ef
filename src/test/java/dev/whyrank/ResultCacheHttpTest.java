package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.Http;
import dev.whyrank.rerank.cache.MemoryResultStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client sees of the result cache, over HTTP. */
@SpringBootTest(
        classes = {ScriptedService.class, ResultCacheHttpTest.Cached.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ResultCacheHttpTest {

    private static final String BODY =
            "{\"query\":\"why?\",\"documents\":[\"one\",\"two\"],\"max_explanation_tokens\":20%s}";

    @Autowired
    MemoryResultStore store;

    @Autowired
    MeterRegistry meters;

    @LocalServerPort
    int port;

    @TestConfiguration(proxyBeanMethods = false)
    static class Cached {

        @Bean
        MemoryResultStore results() {
            return new MemoryResultStore(1 << 20, Duration.ofHours(1));
        }
    }

    @BeforeEach
    void forget() {
        store.cache().invalidateAll();
    }

    private JsonNode rerank(String... headers) {
        return Http.json(new Http(port).post("/v1/rerank", BODY.formatted(""), headers));
    }

    @Test
    void theSecondAnswerIsTheFirstAndSaysThatItWasFree() {
        double hits = meters.get("whyrank.cache.hits").counter().count();
        JsonNode first = rerank();
        JsonNode second = rerank();
        assertThat(first.at("/usage/cache_hits").asInt()).isZero();
        assertThat(first.at("/usage/completion_tokens").asInt()).isPositive();
        assertThat(second.at("/usage/cache_hits").asInt()).isEqualTo(2);
        assertThat(second.at("/usage/total_tokens").asInt()).isZero();
        assertThat(second.at("/results/0/usage/cache_hits").asInt()).isEqualTo(1);
        assertThat(bare(second)).isEqualTo(bare(first));
        assertThat(meters.get("whyrank.cache.hits").counter().count()).isEqualTo(hits + 2);
    }

    /** Without what may differ. */
    private static JsonNode bare(JsonNode reply) {
        ObjectNode bare = (ObjectNode) reply.deepCopy();
        bare.remove("id");
        bare.remove("usage");
        bare.remove("timings");
        ((ObjectNode) bare.get("meta")).remove("tokens");
        bare.get("results").forEach(result -> ((ObjectNode) result).remove("usage"));
        return bare;
    }

    @ParameterizedTest
    @CsvSource({"no-cache,2", "'max-age=0, No-Cache',2", "no-store,0", "'no-cache, no-store',0", "max-age=0,2"})
    void theStandardHeaderSwitchesItOff(String header, int kept) {
        assertThat(rerank("Cache-Control", header).at("/usage/cache_hits").asInt())
                .isZero();
        assertThat(store.cache().asMap()).hasSize(kept);
        rerank();
        int hits = header.equals("max-age=0") ? 2 : 0;
        assertThat(rerank("Cache-Control", header).at("/usage/cache_hits").asInt())
                .isEqualTo(hits);
    }

    @Test
    void aStreamOfKnownDocumentsHasTheSameEvents() {
        String streamed = BODY.formatted(",\"stream\":true");
        rerank();
        String events = new Http(port).post("/v1/rerank", streamed).body();
        assertThat(events.lines().filter(line -> line.startsWith("event: ")))
                .containsExactly(
                        "event: rerank.started",
                        "event: document.started",
                        "event: explanation.delta",
                        "event: document.completed",
                        "event: document.started",
                        "event: explanation.delta",
                        "event: document.completed",
                        "event: rerank.completed");
        assertThat(new Http(port)
                        .post("/v1/rerank", streamed, "Cache-Control", "no-store")
                        .body())
                .contains("\"cache_hits\":0")
                .doesNotContain("\"cache_hits\":1");
    }

    @Test
    void otherShapesHeedTheHeaderToo() {
        String body = "{\"query\":\"why?\",\"documents\":[\"one\",\"two\"]}";
        new Http(port).post("/v2/rerank", body, "Cache-Control", "no-store");
        assertThat(store.cache().asMap()).isEmpty();
        new Http(port).post("/v2/rerank", body);
        assertThat(store.cache().asMap()).hasSize(2);
    }
}

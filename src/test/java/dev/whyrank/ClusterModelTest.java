package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.cluster.ClusterGateway;
import dev.whyrank.cluster.ClusterListener;
import dev.whyrank.cluster.ClusterProperties;
import dev.whyrank.cluster.ClusterProperties.Role;
import dev.whyrank.cluster.ClusterWorker;
import dev.whyrank.cluster.ModelCard;
import dev.whyrank.cluster.RedisLink;
import dev.whyrank.cluster.RedisServer;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.LocalReranker;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Reranker;
import dev.whyrank.rerank.TextAnalysis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A real language model judges the same over Redis as in its own process, token for token but for near ties. */
class ClusterModelTest {

    private static final int DOCUMENTS = 40;

    static WhyrankProperties stories(String precision) {
        return settings(Map.of(
                "whyrank.model", "src/test/resources/stories260k",
                "whyrank.engine.precision", precision,
                "whyrank.engine.kv-memory", "48MB",
                "whyrank.engine.threads", "1"));
    }

    static WhyrankProperties settings(Map<String, String> names) {
        return new Binder(new MapConfigurationPropertySource(names))
                .bind("whyrank", WhyrankProperties.class)
                .get();
    }

    static RerankRequest request(String query, List<String> documents, int tokens) {
        RerankRequest.Options options =
                new RerankRequest.Options(true, Integer.MAX_VALUE, tokens, Integer.MAX_VALUE, true, 1, null, null);
        return new RerankRequest(
                "r",
                query,
                documents.stream()
                        .map(text -> new RerankRequest.Candidate(text, null))
                        .toList(),
                options);
    }

    static List<RerankEvent.Ranked> ranking(Reranker reranker, RerankRequest request) throws Exception {
        CompletableFuture<RerankEvent> end = new CompletableFuture<>();
        reranker.rerank(request, event -> {
            if (event instanceof RerankEvent.Completed || event instanceof RerankEvent.Failed) {
                end.complete(event);
            }
        });
        RerankEvent last = end.get(120, TimeUnit.SECONDS);
        assertThat(last).isInstanceOf(RerankEvent.Completed.class);
        return ((RerankEvent.Completed) last).ranking();
    }

    /**
     * Tasks hold fewer documents, so steps hold others: a float's last digits differ, and in int8 now and then a step of
     * an activation. Then a near tie may go the other way: {@code nearTies} is how many documents may have one.
     */
    @ParameterizedTest
    @CsvSource({"float32, 1e-3, 0", "int8, 1e-2, 4"})
    void judgesAsInOneProcess(String precision, double drift, int nearTies, @TempDir Path folder) throws Exception {
        List<String> documents = IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> "A box of " + i + " eggs and " + (97 * i % 13) + " cats.")
                .toList();
        RerankRequest request = request("Which box has most eggs?", documents, 24);
        try (RedisServer redis = RedisServer.start(folder);
                LocalModel model = LocalModel.open(stories(precision), EngineListener.NONE, RerankObserver.NONE)) {
            ClusterProperties properties = new ClusterProperties(
                    redis.url(),
                    null,
                    null,
                    "test",
                    Role.ALL,
                    1_000_000,
                    0,
                    Duration.ofSeconds(10),
                    3,
                    Duration.ofSeconds(15));
            List<RerankEvent.Ranked> alone = ranking(model.reranker(), request);
            try (RedisLink link = new RedisLink(properties)) {
                assertThat(differing(overRedis(link, properties, model, request), alone, drift))
                        .hasSizeLessThanOrEqualTo(nearTies);
            }
        }
    }

    private static List<RerankEvent.Ranked> overRedis(
            RedisLink link, ClusterProperties properties, LocalModel model, RerankRequest request) throws Exception {
        ModelCard card = ModelCard.of("stories", model.judge(), model.capacity().tokens());
        try (ClusterWorker worker = new ClusterWorker(
                        link,
                        properties,
                        model.judge(),
                        card,
                        new ClusterWorker.Size(16, 2),
                        ClusterListener.NONE,
                        () -> true);
                ClusterGateway gateway = new ClusterGateway(link, properties, null, ClusterListener.NONE);
                LocalReranker reranker = new LocalReranker(
                        gateway::model,
                        gateway.judge(TextAnalysis.ENGLISH),
                        new LocalReranker.Settings(1_000_000, 1_000_000, 2),
                        RerankObserver.NONE)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!gateway.isReady()) {
                assertThat(System.nanoTime()).as("ready").isLessThan(end);
                Thread.sleep(20);
            }
            List<RerankEvent.Ranked> ranking = ranking(reranker, request);
            assertThat(worker.drain(Duration.ofSeconds(5))).isTrue();
            return ranking;
        }
    }

    /** The explanations that differ, in pairs; of equal ones everything else must be the same. */
    private static List<List<String>> differing(
            List<RerankEvent.Ranked> over, List<RerankEvent.Ranked> alone, double drift) {
        assertThat(over).hasSameSizeAs(alone);
        List<List<String>> differing = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            Judgement here = of(over, i);
            Judgement there = of(alone, i);
            if (here.explanation().equals(there.explanation())) {
                assertThat(here.usage().completionTokens())
                        .isEqualTo(there.usage().completionTokens());
                assertThat(here.label()).isEqualTo(there.label());
                assertThat(Math.abs(here.modelScore() - there.modelScore()))
                        .as("document %d", i)
                        .isLessThan(drift);
            } else {
                differing.add(List.of(here.explanation(), there.explanation()));
            }
        }
        return differing;
    }

    private static Judgement of(List<RerankEvent.Ranked> ranking, int index) {
        return ranking.stream()
                .filter(ranked -> ranked.index() == index)
                .map(ranked -> Objects.requireNonNull(ranked.judgement()))
                .findFirst()
                .orElseThrow();
    }
}

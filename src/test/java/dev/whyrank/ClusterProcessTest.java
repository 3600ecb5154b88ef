package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import dev.whyrank.cluster.RedisServer;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster of processes on a bad day: workers are killed, Redis is killed and started again, a gateway is killed, and
 * one worker's clock is an hour behind. Every document that was accepted has exactly one end at its client, and the
 * results are those of one process, token for token; in int8, too, where the day is shorter.
 */
class ClusterProcessTest {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterProcessTest.class);

    private static final int REQUESTS = 200;
    private static final int REQUESTS_IN_INT8 = 40;
    private static final int KINDS = 10;
    private static final int AT_ONCE = 24;
    private static final int TOKENS = 4;

    /** A short prompt: what counts here is who does the work, not how much it is. */
    static final Map<String, String> MODEL = Map.of(
            "whyrank.model", "src/test/resources/stories260k",
            "whyrank.format", "generic",
            "whyrank.generic.template", "{query} {document}",
            "whyrank.engine.slot-length", "128",
            "whyrank.engine.kv-memory", "16MB",
            "whyrank.engine.threads", "1");

    private static final Path FAKE_CLOCK = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");

    @TempDir
    Path folder;

    private final List<AutoCloseable> parts = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
    }

    /** Starts a process and does not wait for it: several start sooner side by side. */
    private ServerProcess start(RedisServer redis, String precision, String role, Map<String, String> environment)
            throws Exception {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("OMP_NUM_THREADS", "1");
        List<String> arguments = new ArrayList<>(List.of(
                "--whyrank.cluster.redis-url=" + redis.url(),
                "--whyrank.cluster.role=" + role,
                // Equal questions are many here, and each is to be worked on.
                "--whyrank.cache.enabled=false",
                "--whyrank.cluster.claim-after=3s",
                "--whyrank.cluster.gateway-lease=4s"));
        model(precision).forEach((name, value) -> arguments.add("--" + name + "=" + value));
        ServerProcess process = ServerProcess.start(variables, arguments.toArray(String[]::new));
        parts.add(process);
        return process;
    }

    private static Map<String, String> model(String precision) {
        Map<String, String> settings = new HashMap<>(MODEL);
        settings.put("whyrank.engine.precision", precision);
        return settings;
    }

    private RedisServer startRedis() {
        RedisServer redis = RedisServer.start(folder);
        parts.add(redis);
        return redis;
    }

    /** A clock that is an hour behind, of the calendar only: nothing may depend on it. */
    private static Map<String, String> wrongClock() {
        boolean ci = "true".equals(System.getenv("CI"));
        if (!ci && !Files.exists(FAKE_CLOCK)) {
            LOG.warn("{} is missing, so all clocks are right: install libfaketime", FAKE_CLOCK);
            return Map.of();
        }
        assertThat(FAKE_CLOCK).exists();
        return Map.of(
                "LD_PRELOAD", FAKE_CLOCK.toString(),
                "FAKETIME", "-1h",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // With the library's own guess at glibc, every timed wait of the JVM ends at once, and cores burn.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    @Test
    void givesEveryAcceptedDocumentExactlyOneEndOnABadDay() throws Exception {
        RedisServer redis = startRedis();
        ServerProcess first = start(redis, "float32", "worker", Map.of());
        ServerProcess second = start(redis, "float32", "worker", Map.of());
        ServerProcess third = start(redis, "float32", "worker", wrongClock());
        ServerProcess doomed = start(redis, "float32", "gateway", Map.of());
        ServerProcess gateway = start(redis, "float32", "gateway", Map.of());
        List<Map<Integer, String>> expected = inProcess("float32");
        awaitMeters(first);
        awaitMeters(second);
        third.port();
        Crowd crowd = new Crowd(AT_ONCE, List.of(doomed.port(), gateway.port()));
        crowd.awaitReady(Duration.ofMinutes(2));

        // Each blow falls while its own wave of requests is being answered, however fast the machine is.
        List<CompletableFuture<Crowd.Story>> stories = new ArrayList<>();
        int wave = REQUESTS / 4;
        wave(crowd, stories, wave);
        killAtWork(first);
        ServerProcess fourth = start(redis, "float32", "worker", Map.of());
        wave(crowd, stories, wave);
        redis.kill();
        redis.start();
        wave(crowd, stories, wave);
        crowd.leave(doomed.port());
        doomed.close();
        wave(crowd, stories, wave);
        killAtWork(second);

        int cutOff = 0;
        int restarts = 0;
        for (int number = 0; number < REQUESTS; number++) {
            Crowd.Story story = stories.get(number).get(300, TimeUnit.SECONDS);
            String claim = "request " + number + ": " + story.outline();
            restarts += story.restarts();
            if (story.broken()) {
                assertThat(story.port()).as(claim).isEqualTo(doomed.port());
                assertThat(story.ends().values()).as(claim).allMatch(ends -> ends == 1);
                cutOff++;
                continue;
            }
            requireWhole(story, claim, expected.get(number % KINDS));
        }
        double claimed = claimed(third) + claimed(fourth);
        LOG.info(
                "{} requests, {} cut off with their gateway, {} documents restarted, {} tasks taken over",
                REQUESTS,
                cutOff,
                restarts,
                claimed);
        assertThat(cutOff).isLessThanOrEqualTo(AT_ONCE);
        assertThat(claimed).as("tasks of the dead").isPositive();
    }

    /** A worker dies, and its work is done by one that is in a process with the gateway. */
    @Test
    void writesTheSameTokensInInt8WhoeverDoesTheWork() throws Exception {
        RedisServer redis = startRedis();
        ServerProcess worker = start(redis, "int8", "worker", Map.of());
        ServerProcess both = start(redis, "int8", "all", Map.of());
        List<Map<Integer, String>> expected = inProcess("int8");
        awaitMeters(worker);
        Crowd crowd = new Crowd(AT_ONCE, List.of(both.port()));
        crowd.awaitReady(Duration.ofMinutes(2));

        List<CompletableFuture<Crowd.Story>> stories = new ArrayList<>();
        wave(crowd, stories, REQUESTS_IN_INT8);
        killAtWork(worker);
        for (int number = 0; number < REQUESTS_IN_INT8; number++) {
            Crowd.Story story = stories.get(number).get(300, TimeUnit.SECONDS);
            requireWhole(story, "request " + number + ": " + story.outline(), expected.get(number % KINDS));
        }
        assertThat(claimed(both)).as("tasks of the dead").isPositive();
    }

    /** One end for each document, with the explanation that one process writes. */
    private static void requireWhole(Crowd.Story story, String claim, Map<Integer, String> expected) {
        assertThat(story.last()).as(claim).isEqualTo("rerank.completed");
        assertThat(story.ends()).as(claim).hasSize(Crowd.DOCUMENTS);
        assertThat(story.ends().values()).as(claim).containsOnly(1);
        assertThat(story.texts()).as(claim).isEqualTo(expected);
        assertThat(story.told()).as("deltas since the last restart").isEqualTo(story.texts());
    }

    /** Asks so many times more, and returns when a tenth of it is answered. */
    private static void wave(Crowd crowd, List<CompletableFuture<Crowd.Story>> stories, int requests)
            throws InterruptedException {
        int asked = stories.size();
        for (int number = asked; number < asked + requests; number++) {
            stories.add(crowd.ask(number, body(number % KINDS)));
        }
        crowd.awaitEnds(asked + requests / 10);
    }

    /** Waits until it serves and has answered a scrape: the first takes a while. */
    private static void awaitMeters(ServerProcess process) throws Exception {
        new Prometheus(new Http(process.port())).scrape();
    }

    /** Kills a worker that has documents in its slots. */
    private static void killAtWork(ServerProcess worker) throws Exception {
        Prometheus meters = new Prometheus(new Http(worker.port()));
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> meters.value("whyrank_running") > 0);
        worker.close();
    }

    private static double claimed(ServerProcess worker) throws Exception {
        return new Prometheus(new Http(worker.port())).value("whyrank_cluster_claimed_total");
    }

    private static List<String> documents(int kind) {
        return IntStream.range(0, Crowd.DOCUMENTS)
                .mapToObj(i -> "Once upon a time there was a box number " + (kind * 31 + i * 7) + " full of "
                        + Stream.of("eggs", "cats", "stars", "red balls", "old bread")
                                .skip((kind + i) % 5)
                                .findFirst()
                                .orElseThrow()
                        + ".")
                .toList();
    }

    private static String query(int kind) {
        return "Is there a box of kind " + kind + "?";
    }

    private static String body(int kind) {
        String documents = "\"" + String.join("\",\"", documents(kind)) + "\"";
        return "{\"query\":\"%s\",\"documents\":[%s],\"max_explanation_tokens\":%d,\"alpha\":1,\"stream\":true}"
                .formatted(query(kind), documents, TOKENS);
    }

    /** What one process says: of each kind, each document's explanation. */
    private static List<Map<Integer, String>> inProcess(String precision) throws Exception {
        List<Map<Integer, String>> all = new ArrayList<>();
        try (LocalModel model = LocalModel.open(
                ClusterModelTest.settings(model(precision)), EngineListener.NONE, RerankObserver.NONE)) {
            for (int kind = 0; kind < KINDS; kind++) {
                RerankRequest request = ClusterModelTest.request(query(kind), documents(kind), TOKENS);
                Map<Integer, String> texts = new HashMap<>();
                for (RerankEvent.Ranked ranked : ClusterModelTest.ranking(model.reranker(), request)) {
                    texts.put(
                            ranked.index(),
                            Objects.requireNonNull(ranked.judgement()).explanation());
                }
                all.add(texts);
            }
        }
        return all;
    }
}

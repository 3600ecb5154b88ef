package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import dev.whyrank.cluster.RedisServer;
import dev.whyrank.cluster.TestCertificate;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A served process whose Redis, which speaks TLS and wants a password, goes away and comes back. */
@Timeout(240)
class RedisOutageTest {

    private static final String PASSWORD = "se:cret";
    private static final String READINESS = "/actuator/health/readiness";
    private static final String LIVENESS = "/actuator/health/liveness";

    /** The way to Redis is looked at twice a second, and tried more often by connections that were lost. */
    private static final int SECONDS_AWAY = 3;

    /** What pools may still add when they meet their first load. */
    private static final double FEW_THREADS = 3;

    @TempDir
    Path folder;

    private static ServerProcess serve(RedisServer redis, TestCertificate certificate) throws Exception {
        Map<String, String> settings = new HashMap<>(ClusterProcessTest.MODEL);
        settings.put("whyrank.engine.precision", "float32");
        settings.put("whyrank.cache.enabled", "false");
        List<String> arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toList();
        Map<String, String> secrets = Map.of(
                "WHYRANK_CLUSTER_REDIS_URL",
                redis.url(),
                "WHYRANK_CLUSTER_REDIS_PASSWORD",
                PASSWORD,
                "WHYRANK_CLUSTER_REDIS_CA",
                certificate.text(),
                "OMP_NUM_THREADS",
                "1");
        return ServerProcess.start(secrets, arguments.toArray(String[]::new));
    }

    @Test
    void isNotReadyWhileItsRedisIsAwayAndRecoversByItself() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder);
        try (RedisServer redis = RedisServer.startTls(folder, certificate, "--requirepass", PASSWORD);
                ServerProcess server = serve(redis, certificate)) {
            Http http = new Http(server.port());
            awaitStatus(http, READINESS, 200);
            for (int i = 0; i < 10; i++) {
                assertThat(rerank(http).statusCode()).isEqualTo(200);
            }
            double threads = threads(http);

            List<String> before = server.output();
            redis.stop();
            awaitStatus(http, READINESS, 503);
            double most = 0;
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS_AWAY).toNanos();
            while (System.nanoTime() < end) {
                requireRefusal(http);
                most = Math.max(most, threads(http));
                Thread.sleep(100);
            }
            assertThat(most).as("threads, %s before", threads).isLessThanOrEqualTo(threads + FEW_THREADS);
            requireOneLineEach(
                    server, before, "WARN .*Redis at 127.0.0.1:\\d+ is not reachable, trying on: .+", "Batches wait.*");

            before = server.output();
            redis.start();
            awaitStatus(http, READINESS, 200);
            assertThat(rerank(http).statusCode()).isEqualTo(200);
            assertThat(threads(http)).isLessThanOrEqualTo(threads + FEW_THREADS);
            requireOneLineEach(server, before, "INFO .*Redis at 127.0.0.1:\\d+ is reachable", "Batches go on");
        }
    }

    private static void requireRefusal(Http http) {
        assertThat(http.get(READINESS).statusCode()).isEqualTo(503);
        assertThat(http.get(LIVENESS).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = rerank(http);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(Http.json(refused).path("code").asString()).isEqualTo("not_ready");
        assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
    }

    /** Batches look for themselves, once a second, so their line may come later. */
    private static void requireOneLineEach(
            ServerProcess server, List<String> before, String ofTheLink, String ofTheBatches) {
        await().atMost(Duration.ofMinutes(1)).until(() -> news(server, before).size() >= 2);
        assertThat(news(server, before))
                .hasSize(2)
                .anyMatch(line -> line.matches(".*" + ofTheLink))
                .anyMatch(line -> line.matches(".*" + ofTheBatches));
    }

    /** What is said since, but for the lines of the requests themselves. */
    private static List<String> news(ServerProcess server, List<String> before) {
        List<String> all = server.output();
        return all.subList(before.size(), all.size()).stream()
                .filter(line -> !line.contains(" dev.whyrank.requests "))
                .toList();
    }

    private static void awaitStatus(Http http, String path, int status) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> http.get(path).statusCode() == status);
    }

    private static HttpResponse<String> rerank(Http http) {
        return http.post(
                "/v1/rerank",
                "{\"query\":\"Which box?\",\"documents\":[\"A red box.\",\"A cat.\"],\"max_explanation_tokens\":4}");
    }

    private static double threads(Http http) {
        return new Prometheus(http).value("jvm_threads_live_threads");
    }
}

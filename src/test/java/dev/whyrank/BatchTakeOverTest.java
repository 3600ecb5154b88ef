package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import dev.whyrank.cluster.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Two processes that share a Redis: one dies with a batch in its hands. */
@Timeout(120)
class BatchTakeOverTest {

    private static final String PATH = "/v1/rerank/batches";
    private static final int LINES = 40;

    @Test
    void anotherProcessFinishesABatchWithoutDoingAnyLineTwice(@TempDir Path folder) throws Exception {
        try (RedisServer redis = RedisServer.start(folder)) {
            List<String> settings = List.of(
                    "--whyrank.cluster.redis-url=" + redis.url(), "--whyrank.batches.lease=2s", "--scripted.pause=5ms");
            String path;
            Map<Integer, JsonNode> before;
            try (ServerProcess first = ServerProcess.start(
                    ScriptedGateway.class, List.of("-Xmx300m", "-XX:TieredStopAtLevel=1"), Map.of(), settings)) {
                Http http = new Http(first.port());
                path = PATH + "/" + create(http);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> results(http, path).size() >= 5);
                before = results(http, path);
                first.kill();
            }
            assertThat(before).hasSizeLessThan(LINES);
            try (ConfigurableApplicationContext second = new SpringApplicationBuilder(ScriptedGateway.class)
                    .properties("server.port=0")
                    .run(settings.toArray(String[]::new))) {
                Http http =
                        new Http(Integer.parseInt(second.getEnvironment().getRequiredProperty("local.server.port")));
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> status(http, path).equals("completed"));
                Map<Integer, JsonNode> after = results(http, path);
                assertThat(after).hasSize(LINES);
                // Timings are in a result, so a line that was done again would not be equal.
                assertThat(after).containsAllEntriesOf(before);
                assertThat(after.values())
                        .allSatisfy(line -> assertThat(
                                        line.at("/response/status_code").asInt())
                                .isEqualTo(200));
                assertThat(Http.json(http.get(path))
                                .at("/request_counts/completed")
                                .asInt())
                        .isEqualTo(LINES);
            }
        }
    }

    private static String create(Http http) {
        String body = IntStream.rangeClosed(1, LINES)
                .mapToObj(i ->
                        "{\"custom_id\":\"c%d\",\"query\":\"q%d\",\"documents\":[\"d\"],\"max_explanation_tokens\":20}"
                                .formatted(i, i))
                .collect(Collectors.joining("\n"));
        return Http.json(http.post(PATH, body, "Content-Type", "application/jsonl"))
                .at("/id")
                .asString();
    }

    private static String status(Http http, String path) {
        return Http.json(http.get(path)).at("/status").asString();
    }

    private static Map<Integer, JsonNode> results(Http http, String path) {
        return http.get(path + "/results")
                .body()
                .lines()
                .map(Http::json)
                .collect(Collectors.toMap(line -> line.at("/line").asInt(), line -> line));
    }
}

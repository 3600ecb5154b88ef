package dev.whyrank;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.whyrank.api.Http;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The service as a platform sees it: scraped by Prometheus, traced over OTLP, its log read as JSON, with a GPU. */
class ObservedServiceTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path DASHBOARD = Path.of("helm/whyrank/files/dashboard.json");
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String BODY = Requests.explaining(3, 8, false);

    @TempDir
    private static Path folder;

    private static WireMockServer collector;
    private static ServerProcess server;
    private static Http http;

    @BeforeAll
    static void serve() throws Exception {
        collector = new WireMockServer(options().dynamicPort());
        collector.start();
        collector.stubFor(any(anyUrl()).willReturn(ok()));
        server = ServerProcess.start(
                Map.of("PATH", fakeGpu() + ":" + System.getenv("PATH"), "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs"),
                Stream.concat(
                                Stream.of(Requests.FOUR_SLOTS),
                                Stream.of(
                                        "--management.opentelemetry.tracing.export.otlp.endpoint=http://localhost:"
                                                + collector.port() + "/v1/traces",
                                        "--management.opentelemetry.tracing.export.schedule-delay=100ms"))
                        .toArray(String[]::new));
        http = new Http(server.port());
    }

    /** A folder with a driver's tool that knows of one device. */
    private static Path fakeGpu() throws IOException {
        Path tool = folder.resolve("nvidia-smi");
        Files.writeString(tool, "#!/bin/sh\necho '0, 37, 1024, 81559, 350.25, 61'\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
        if (collector != null) {
            collector.stop();
        }
    }

    @Test
    void everyQueryOfTheDashboardFindsData() throws Exception {
        List<String> queries = queries();
        try (PrometheusServer prometheus = PrometheusServer.start(folder, server.port())) {
            List<String> empty = new ArrayList<>(queries);
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
                assertThat(http.post("/v1/rerank", BODY).statusCode()).isEqualTo(200);
                empty.removeIf(query -> hasNumbers(prometheus.query(query)));
                assertThat(empty).isEmpty();
            });
            for (JsonNode rule : prometheus.rules()) {
                assertThat(rule.path("health").asString()).as("%s", rule).isEqualTo("ok");
                assertThat(rule.path("state").asString()).as("%s", rule).isEqualTo("inactive");
            }
            assertThat(prometheus.rules().size()).isGreaterThan(5);
        }
        assertThat(queries.size()).isGreaterThan(20);
    }

    private static boolean hasNumbers(JsonNode series) {
        return series.valueStream()
                .anyMatch(each -> !each.at("/value/1").asString("NaN").equals("NaN"));
    }

    private static List<String> queries() throws IOException {
        return Http.json(Files.readString(DASHBOARD))
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target ->
                        target.path("expr").asString().replace("$job", ".*").replace("$__rate_interval", "1m"))
                .toList();
    }

    @Test
    void tracesARequestAsPartOfItsCallersTrace() {
        HttpResponse<String> reply =
                http.post("/v1/rerank", BODY, "traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");
        assertThat(reply.headers().firstValue("traceresponse").orElseThrow())
                .matches("00-" + TRACE + "-[0-9a-f]{16}-01");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(exported())
                        .contains(latin(HexFormat.of().parseHex(TRACE)))
                        .contains("rerank ", "queue", "document", "prefill", "decode", "whyrank.request.id")
                        .contains("http post /v1/rerank"));
        assertThat(exported()).doesNotContain("box number", "boxes?", "/actuator");
    }

    @Test
    void tracesAStream() {
        String trace = TRACE.replace('0', 'f');
        HttpResponse<String> reply = http.post(
                "/v1/rerank",
                BODY,
                "Accept",
                "text/event-stream",
                "traceparent",
                "00-" + trace + "-b7ad6b7169203331-01");
        assertThat(reply.headers().firstValue("traceresponse").orElseThrow()).contains(trace);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(exported()).contains(latin(HexFormat.of().parseHex(trace))));
    }

    /** All that was exported, a byte a character: Protobuf keeps text and ids as they are. */
    private static String exported() {
        return collector.getAllServeEvents().stream()
                .filter(event -> event.getRequest().getUrl().equals("/v1/traces"))
                .map(ServeEvent::getRequest)
                .map(request -> latin(request.getBody()))
                .collect(Collectors.joining());
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void logsARequestAsJsonWithItsId() {
        assertThat(http.post("/v1/rerank", BODY, "X-Request-Id", "order-66").statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines()).anySatisfy(line -> {
                    assertThat(line.path("request_id").asString()).isEqualTo("order-66");
                    assertThat(line.path("message").asString()).isEqualTo("ranked");
                    assertThat(line.path("documents").asInt()).isEqualTo(3);
                    assertThat(line.path("total_ms").asLong(-1)).isNotNegative();
                }));
        assertThat(server.output()).noneMatch(line -> line.contains("box number"));
    }

    /** The log, without the banner. */
    private static List<JsonNode> lines() {
        return server.output().stream()
                .filter(line -> line.startsWith("{"))
                .map(Http::json)
                .toList();
    }
}

package dev.whyrank;

import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** A real Prometheus that scrapes one service every second and evaluates the chart's rules. */
final class PrometheusServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Http http;

    private PrometheusServer(Process process, Http http) {
        this.process = process;
        this.http = http;
    }

    /** Starts it; skips the calling test where it is not installed, except in CI. */
    static PrometheusServer start(Path folder, int scraped) throws IOException {
        Path executable = Executables.require("/usr/bin/prometheus");
        int port = freePort();
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [%s]
                scrape_configs:
                  - job_name: whyrank
                    metrics_path: /actuator/prometheus
                    static_configs: [{targets: ['localhost:%d']}]
                """.formatted(
                        Path.of("helm/whyrank/files/alerts.yaml").toAbsolutePath(), scraped));
        Process process = new ProcessBuilder(
                        executable.toString(),
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        PrometheusServer server = new PrometheusServer(process, new Http(port));
        await().atMost(PATIENCE).ignoreExceptions().until(server::ready);
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean ready() {
        if (!process.isAlive()) {
            throw new AssertionError("Prometheus ended with " + process.exitValue());
        }
        return http.get("/-/ready").statusCode() == 200;
    }

    /** The series that an expression finds now. */
    JsonNode query(String expression) {
        String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        JsonNode answer = Http.json(http.get("/api/v1/query?query=" + encoded));
        if (!answer.path("status").asString().equals("success")) {
            throw new AssertionError(expression + ": " + answer);
        }
        return answer.at("/data/result");
    }

    /** The alert rules as they were loaded, with their health. */
    JsonNode rules() {
        return Http.json(http.get("/api/v1/rules")).at("/data/groups/0/rules");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}

package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What an operator sees of the real service, with its real exporter: Spring Boot's test contexts switch that off. */
class MetersHttpTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MANY = 400;

    private static ConfigurableApplicationContext context;
    private static int port;
    private static Http http;
    private static Prometheus meters;

    @BeforeAll
    static void serve() {
        context = new SpringApplicationBuilder(WhyrankApplication.class)
                .properties("server.port=0")
                .run(Requests.FOUR_SLOTS);
        port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        http = new Http(port);
        meters = new Prometheus(http);
    }

    @AfterAll
    static void end() {
        if (context != null) {
            context.close();
        }
    }

    @Test
    void exposesTheContractsMetersAfterOneRequest() {
        assertThat(http.post("/v1/rerank", Requests.explaining(3, 8, false)).statusCode())
                .isEqualTo(200);
        assertThat(http.post("/v1/rerank", "{\"query\": \"q\", \"documents\": [\"%s\"]}".formatted("a b ".repeat(900)))
                        .statusCode())
                .isEqualTo(200);

        String rerank = "{gen_ai_operation_name=\"rerank\"";
        assertThat(meters.scrape())
                .contains("gen_ai_server_request_duration_seconds_bucket{error_type=\"none\",gen_ai_operation_name")
                .contains("gen_ai_server_time_to_first_token_seconds_bucket" + rerank)
                .contains("gen_ai_server_time_per_output_token_seconds_bucket" + rerank)
                .contains("whyrank_queue_requests 0.0", "whyrank_queue_documents 0.0")
                .contains("whyrank_queue_duration_seconds_bucket{le=")
                .contains("whyrank_batch_size_bucket{le=", "whyrank_batch_tokens_bucket{le=")
                .contains("whyrank_step_duration_seconds_bucket{kind=\"decode\",le=")
                .contains("whyrank_step_duration_seconds_bucket{kind=\"prefill\",le=")
                .contains("whyrank_running 0.0", "whyrank_waiting 0.0", "whyrank_kv_usage 0.0")
                .contains("whyrank_engine_busy_seconds ", "whyrank_engine_stall_timeout_seconds 300.0")
                .contains("whyrank_prefix_queries_total", "whyrank_tokens_total{type=\"decode\"}")
                .contains("whyrank_rejected_total{reason=\"overloaded\"} 0.0", "whyrank_cancelled_total")
                .contains("whyrank_labels_total{source=\"forced\"}")
                .doesNotContain("quantile=", "box number");
        assertThat(meters.value("whyrank_prefix_hits_total")).isPositive();
        assertThat(meters.value("whyrank_truncated_total")).isEqualTo(1);
    }

    @Test
    void freesTheSlotsOfAClientThatLeaves() throws IOException {
        double labelsBefore = meters.sum("whyrank_labels_total");
        double cancelledBefore = meters.value("whyrank_cancelled_total");
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(client, Requests.explaining(MANY, Requests.LONGEST, true));
            awaitLine(client, "event: explanation.delta");
            assertThat(meters.value("whyrank_queue_requests")).isEqualTo(1);
            assertThat(meters.value("whyrank_running")).isPositive();
            assertThat(meters.value("whyrank_waiting")).isPositive();
            assertThat(meters.value("whyrank_kv_usage")).isBetween(0.01, 1.0);
        }
        await().atMost(PATIENCE).until(() -> meters.value("whyrank_running") == 0);
        await().atMost(PATIENCE).until(() -> meters.value("whyrank_queue_requests") == 0);
        assertThat(meters.value("whyrank_queue_documents")).isZero();
        assertThat(meters.value("whyrank_kv_usage")).isZero();
        assertThat(meters.value("whyrank_waiting")).isZero();
        assertThat(meters.value("whyrank_cancelled_total")).isEqualTo(cancelledBefore + 1);
        assertThat(meters.sum("whyrank_labels_total") - labelsBefore)
                .as("documents judged before the client left and the engine noticed")
                .isLessThan(MANY / 2);
        assertThat(http.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    private static void send(Socket client, String body) throws IOException {
        String head = "POST /v1/rerank HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n";
        client.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    private static void awaitLine(Socket client, String wanted) throws IOException {
        client.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.equals(wanted)) {
            line = lines.readLine();
        }
        assertThat(line).isEqualTo(wanted);
    }
}

package dev.whyrank.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.Requests;
import dev.whyrank.api.Http;
import dev.whyrank.api.Sse;
import dev.whyrank.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The image with a language model that is mounted into it. */
class CheckpointContainerTest {

    private static final Path MODEL = Path.of("src/test/resources/stories260k");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(90);
    private static final int STREAMS = 32;
    private static final int DOCUMENTS = 6;
    private static final long SEED = 11;

    private static final int HIDDEN = 64;
    private static final int FEED_FORWARD = 172;

    @TempDir
    private Path adapter;

    private static ServiceContainer serving(String... variables) {
        ServiceContainer service = new ServiceContainer()
                .mount(MODEL, "/models/stories")
                .with("WHYRANK_MODEL", "/models/stories")
                .with("WHYRANK_ENGINE_PRECISION", "float32")
                .with("WHYRANK_ENGINE_KV_MEMORY", "3MB")
                .with("WHYRANK_DRAIN_TIMEOUT", DRAIN.toSeconds() + "s");
        for (int i = 0; i < variables.length; i += 2) {
            service.with(variables[i], variables[i + 1]);
        }
        return service;
    }

    @Test
    void mergesAMountedAdapterIntoAMountedModel() throws Exception {
        writeAdapter();
        String plain;
        try (ServiceContainer service = serving().start()) {
            plain = explanation(service.http());
        }
        try (ServiceContainer service = serving("WHYRANK_ADAPTER", "/models/adapter")
                .mount(adapter, "/models/adapter")
                .start()) {
            assertThat(explanation(service.http())).isNotEmpty().isNotEqualTo(plain);
        }
    }

    private static String explanation(Http http) {
        HttpResponse<String> reply = http.post("/v1/rerank", Requests.explaining(1, 24, false));
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        JsonNode result = Http.json(reply).path("results").path(0);
        assertThat(result.path("explanation_kind").asString()).isEqualTo("reasoning");
        return result.path("explanation").asString();
    }

    /** Strong enough to change what the model says. */
    private void writeAdapter() throws IOException {
        String module = "base_model.model.model.layers.2.mlp.gate_proj";
        Random random = new Random(SEED);
        Path weights = new SafetensorsWriter()
                .f32(module + ".lora_A.weight", new long[] {2, HIDDEN}, gaussian(random, 2 * HIDDEN))
                .f32(module + ".lora_B.weight", new long[] {FEED_FORWARD, 2}, gaussian(random, 2 * FEED_FORWARD))
                .write(adapter.resolve("adapter_model.safetensors"));
        Path config = Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":8,\"target_modules\":[\"gate_proj\"],\"bias\":\"none\"}");
        Files.setPosixFilePermissions(adapter, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Path file : List.of(weights, config)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void endsEveryAcceptedDocumentOnSigterm() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(STREAMS);
        try (ServiceContainer service = serving().start()) {
            Http http = service.http();
            List<CompletableFuture<String>> streams = IntStream.range(0, STREAMS)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> stream(http), clients))
                    .toList();
            await().atMost(PATIENCE)
                    .until(() -> http.get("/actuator/prometheus")
                            .body()
                            .contains("whyrank_queue_requests %d.0\n".formatted(STREAMS)));
            service.terminate();
            int status = service.awaitExit(GRACE);
            assertThat(status).as(service.logs()).isIn(0, 143);
            for (CompletableFuture<String> stream : streams) {
                assertEnded(Sse.parse(stream.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)));
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static String stream(Http http) {
        return http.patientPost("/v1/rerank", Requests.explaining(DOCUMENTS, 128, true), PATIENCE)
                .body();
    }

    private static void assertEnded(List<Sse.Event> events) {
        assertThat(Sse.ended(events))
                .containsExactlyElementsOf(IntStream.range(0, DOCUMENTS).boxed().toList());
        assertThat(events.get(events.size() - 1).name()).isIn("rerank.completed", "error");
    }
}

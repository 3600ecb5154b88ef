package dev.whyrank.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.whyrank.api.Http;
import dev.whyrank.api.Sse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The image as it comes, with a key: what a first user and a security review ask of it. */
class EmbeddedContainerTest {

    private static final String KEY = "k-3141592653";
    private static final String[] CREDENTIALS = {"Authorization", "Bearer " + KEY};
    private static final String BODY = """
            {"query": "How long do I boil an egg?",
             "documents": ["Hens lay 300 eggs a year.", "Boil an egg for seven minutes."], "stream": %s}""";

    private static ServiceContainer service;

    @BeforeAll
    static void serve() {
        service = new ServiceContainer().with("WHYRANK_API_API_KEYS", KEY).start();
    }

    @AfterAll
    static void end() {
        if (service != null) {
            service.close();
        }
    }

    @Test
    void becomesReadyAndHealthy() {
        assertThat(service.http().get("/actuator/health/readiness").statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofMinutes(2)).until(EmbeddedContainerTest::health, "healthy"::equals);
    }

    private static String health() {
        return Objects.requireNonNull(service.inspect().getState().getHealth()).getStatus();
    }

    @Test
    void answersInOneBody() {
        HttpResponse<String> reply = service.http().post("/v1/rerank", BODY.formatted(false), CREDENTIALS);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(Http.json(reply).path("results").path(0).path("index").asInt())
                .isEqualTo(1);
    }

    @Test
    void answersAsAStreamOfEvents() {
        HttpResponse<String> reply = service.http().post("/v1/rerank", BODY.formatted(true), CREDENTIALS);
        List<String> names = Sse.parse(reply.body()).stream()
                .map(Sse.Event::name)
                .filter(name -> !name.isEmpty())
                .toList();
        assertThat(names).startsWith("rerank.started").endsWith("rerank.completed");
        assertThat(names).filteredOn("document.completed"::equals).hasSize(2);
    }

    @Test
    void refusesWhoeverHasNoKey() {
        Http http = service.http();
        assertThat(http.post("/v1/rerank", BODY.formatted(false)).statusCode()).isEqualTo(401);
        assertThat(http.post("/v1/rerank", BODY.formatted(false), "X-Api-Key", "wrong")
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.logs()).doesNotContain(KEY);
    }

    @Test
    void writesToItsVolumesOnlyAndIsNotRoot() throws Exception {
        assertThat(service.inspect().getHostConfig().getReadonlyRootfs()).isTrue();
        assertThat(service.run("touch /app/x || touch /tmp/x || touch /opt/libtorch/x"))
                .isPositive();
        assertThat(service.run("touch /cache/x && touch /models/x")).isZero();
        assertThat(service.run("test $(id -u) -ne 0 && test $(id -g) -ne 0")).isZero();
    }

    @Test
    void staysWithinItsMemory() throws Exception {
        InspectContainerResponse container = service.inspect();
        assertThat(container.getHostConfig().getMemory()).isEqualTo(ServiceContainer.MEMORY);
        assertThat(container.getState().getOOMKilled()).isFalse();
        assertThat(heapLimit()).isBetween(ServiceContainer.MEMORY / 6.0, ServiceContainer.MEMORY / 3.5);
        int share = 80;
        assertThat(service.run("test $(awk '/^RssAnon/ {print $2}' /proc/1/status) -lt $((%d / 1024 * %d / 100))"
                        .formatted(ServiceContainer.MEMORY, share)))
                .as("its own memory is below %d %% of the limit", share)
                .isZero();
    }

    /** Bytes that the heap may grow to, over its parts; a part that may be empty is not counted by some collectors. */
    private static double heapLimit() {
        return service.http()
                .get("/actuator/prometheus", CREDENTIALS)
                .body()
                .lines()
                .filter(line -> line.startsWith("jvm_memory_max_bytes{area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}

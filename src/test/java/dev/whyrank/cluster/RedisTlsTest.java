package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.whyrank.cluster.ClusterProperties.Role;
import dev.whyrank.model.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A real Redis that speaks TLS only, with a password. */
class RedisTlsTest {

    private static final String PASSWORD = "se:cret";

    /** The link tries at least so often that a line for each try would show. */
    private static final Duration SEVERAL_TRIES = Duration.ofMillis(1500);

    @TempDir
    static Path folder;

    private static ClusterProperties properties(String url, @Nullable String authorities) {
        Duration silence = Duration.ofSeconds(15);
        return new ClusterProperties(url, PASSWORD, authorities, "test", Role.ALL, 1, 0, silence, 3, silence);
    }

    @Test
    void trustsWhomItIsToldTo() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder);
        try (RedisServer redis = RedisServer.startTls(folder, certificate, "--requirepass", PASSWORD)) {
            String url = redis.url();
            assertThat(url).startsWith("rediss://127.0.0.1:");
            for (String authorities : List.of(certificate.certificate().toString(), certificate.text())) {
                try (RedisLink link = new RedisLink(properties(url, authorities))) {
                    await().until(link::isReachable);
                    link.shared().sync().set("said", "in private");
                    assertThat(link.shared().sync().get("said")).isEqualTo("in private");
                }
            }
            assertThat(refusal(properties(url, null)))
                    .startsWith("Redis at 127.0.0.1:")
                    .contains("is not reachable, trying on: its certificate is refused (")
                    .contains("unable to find valid certification path")
                    .endsWith("whyrank.cluster.redis-ca says whose are taken");
            assertThat(refusal(properties(url.replace("127.0.0.1", "localhost"), certificate.text())))
                    .contains("is not reachable, trying on: its certificate is refused (")
                    .contains("localhost");
        }
    }

    /** The one line about a Redis that is not taken for what it says it is. */
    private static String refusal(ClusterProperties properties) throws InterruptedException {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger all = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        lines.start();
        all.addAppender(lines);
        try (RedisLink link = new RedisLink(properties)) {
            Thread.sleep(SEVERAL_TRIES.toMillis());
            assertThat(link.isReachable()).isFalse();
        } finally {
            all.detachAppender(lines);
        }
        List<ILoggingEvent> said = lines.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .toList();
        assertThat(said).hasSize(1);
        return said.get(0).getFormattedMessage();
    }

    @Test
    void saysWhichFileHoldsNoCertificates() throws Exception {
        Path missing = folder.resolve("missing.pem");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        for (Path file : List.of(missing, empty)) {
            assertThatThrownBy(() -> new RedisLink(properties("rediss://127.0.0.1:1", file.toString())))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("whyrank.cluster.redis-ca cannot be read: ")
                    .hasMessageContaining("give a PEM file of certificates, or their text");
        }
    }
}

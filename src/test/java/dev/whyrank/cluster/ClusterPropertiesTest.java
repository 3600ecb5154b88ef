package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.cluster.ClusterProperties.Role;
import dev.whyrank.model.InvalidInputException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterPropertiesTest {

    private static final Duration LONG = Duration.ofSeconds(15);

    private static ClusterProperties of(@Nullable String url, String prefix) {
        return of(url, null, prefix);
    }

    private static ClusterProperties of(@Nullable String url, @Nullable String password, String prefix) {
        return new ClusterProperties(url, password, null, prefix, Role.ALL, 1, 0, LONG, 3, LONG);
    }

    @Test
    void refusesARoleWithoutARedis() {
        assertThatThrownBy(() -> new ClusterProperties(null, null, null, "p", Role.WORKER, 1, 0, LONG, 3, LONG))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.cluster.role is worker")
                .hasMessageContaining("set whyrank.cluster.redis-url");
    }

    @Test
    void isOffWithoutAUrl() {
        assertThat(of(null, "whyrank").redisUrl()).isNull();
        assertThat(of("  ", "whyrank").redisUrl()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://localhost:6379", "rediss://user:p%40ss@redis.example:6380/2", "redis://:secret@h"})
    void takesUrlsOfRedis(String url) {
        assertThat(of(url, "whyrank").redisUrl()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:6379", "http://localhost:6379", "redis://:se cret@h", "redis:///0"})
    void refusesOtherUrlsWithoutRepeatingThem(String url) {
        assertThatThrownBy(() -> of(url, "whyrank"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.cluster.redis-url")
                .hasMessageNotContaining("cret");
    }

    @Test
    void refusesCertificatesForAUrlWithoutTls() {
        assertThatThrownBy(() -> new ClusterProperties("redis://h", null, "ca.pem", "p", Role.ALL, 1, 0, LONG, 3, LONG))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.cluster.redis-ca")
                .hasMessageContaining("rediss://HOST:PORT");
    }

    @Test
    void refusesAPrefixThatWouldMoveTheHashTag() {
        assertThatThrownBy(() -> of(null, "a}b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.cluster.key-prefix");
        assertThat(new Keys("search").of("tasks", "bulk")).isEqualTo("{search}:tasks:bulk");
    }

    @Test
    void keepsSecretsOutOfLogs() {
        ClusterProperties properties = of("redis://:secret@h", "hidden", "p");
        assertThat(properties.toString()).doesNotContain("secret").doesNotContain("hidden");
    }
}

package dev.whyrank.cluster;

import dev.whyrank.model.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How processes share the work over Redis; nothing here matters without a Redis.
 *
 * @param redisUrl {@code redis://HOST:PORT/DATABASE}, or {@code rediss://} for TLS, with user and password if needed;
 *     unset: everything runs in this process
 * @param redisPassword replaces the password in the URL; set it as an environment variable, to keep it out of files and
 *     the process list
 * @param redisCa CA certificates to trust for {@code rediss://}, as a PEM file or PEM text; default: the JVM's trust
 *     store
 * @param keyPrefix prefix of every key; deployments that share a Redis need different prefixes, and each serves one
 *     model
 * @param role {@code all} (HTTP and model in one process), {@code gateway} (HTTP, no model) or {@code worker} (a model,
 *     and HTTP for health and meters only)
 * @param maxTokens estimated tokens of all tasks together, at three characters per token; above it, requests get 429.
 *     Also bounds what Redis holds
 * @param workerDocuments documents that a worker takes on at once; 0 for as many as its model has slots
 * @param claimAfter silence after which a worker counts as dead and another takes over its tasks; must exceed the
 *     longest pause of a healthy process
 * @param attempts how many workers may die on a task before its documents fail
 * @param gatewayLease silence after which a gateway counts as dead and its tasks are dropped
 */
@ConfigurationProperties("whyrank.cluster")
public record ClusterProperties(
        @Nullable String redisUrl,
        @Nullable String redisPassword,
        @Nullable String redisCa,
        @DefaultValue("whyrank") String keyPrefix,
        @DefaultValue("all") Role role,
        @DefaultValue("10000000") long maxTokens,
        @DefaultValue("0") int workerDocuments,
        @DefaultValue("10s") Duration claimAfter,
        @DefaultValue("3") int attempts,
        @DefaultValue("15s") Duration gatewayLease) {

    /** What a process does. */
    public enum Role {
        ALL,
        GATEWAY,
        WORKER
    }

    /**
     * Checks what can be checked without Redis.
     *
     * @throws InvalidInputException if the URL is none of Redis, or none of TLS though there are certificates, or the
     *     prefix has characters that keys should not have
     */
    public ClusterProperties {
        redisUrl = redisUrl == null || redisUrl.isBlank() ? null : redisUrl.strip();
        redisCa = redisCa == null || redisCa.isBlank() ? null : redisCa.strip();
        if (redisUrl != null) {
            requireRedis(redisUrl);
        }
        if (redisCa != null && (redisUrl == null || !redisUrl.startsWith("rediss:"))) {
            throw new InvalidInputException(
                    "whyrank.cluster.redis-ca is set, but whyrank.cluster.redis-url is not one of"
                            + " TLS; give rediss://HOST:PORT");
        }
        if (!keyPrefix.matches("[A-Za-z0-9_.:-]+")) {
            throw new InvalidInputException(
                    "whyrank.cluster.key-prefix is '" + keyPrefix + "'; use letters, digits and any of _ . : -");
        }
        if (role != Role.ALL && redisUrl == null) {
            throw new InvalidInputException("whyrank.cluster.role is "
                    + role.name().toLowerCase(Locale.ROOT)
                    + ", which needs the Redis of the others; set whyrank.cluster.redis-url");
        }
        requireAtLeast(1, "max-tokens", maxTokens);
        requireAtLeast(0, "worker-documents", workerDocuments);
        requireAtLeast(1, "attempts", attempts);
        requireAtLeast(LEAST_SILENCE_MILLIS, "claim-after", claimAfter.toMillis());
        requireAtLeast(LEAST_SILENCE_MILLIS, "gateway-lease", gatewayLease.toMillis());
    }

    /** Less is silence that everybody has now and then. */
    private static final long LEAST_SILENCE_MILLIS = 1000;

    private static void requireAtLeast(long least, String name, long value) {
        if (value < least) {
            throw new InvalidInputException(
                    "whyrank.cluster." + name + " is " + value + "; give " + least + " or more");
        }
    }

    /** The URL itself stays out of the message: it may hold a password. */
    private static void requireRedis(String url) {
        try {
            URI uri = new URI(url);
            boolean redis = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
            if (redis && uri.getHost() != null) {
                return;
            }
        } catch (URISyntaxException e) {
            throw new InvalidInputException(
                    "whyrank.cluster.redis-url is no URL at character " + e.getIndex()
                            + "; give redis://HOST:PORT or rediss://HOST:PORT, with special characters of a password"
                            + " percent-encoded",
                    e);
        }
        throw new InvalidInputException(
                "whyrank.cluster.redis-url is no URL of a Redis; give redis://HOST:PORT or rediss://HOST:PORT");
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "ClusterProperties[keyPrefix=" + keyPrefix + ", redis=" + (redisUrl == null ? "none" : "set") + "]";
    }
}

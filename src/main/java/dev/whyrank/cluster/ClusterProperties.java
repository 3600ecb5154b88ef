package dev.whyrank.cluster;

import dev.whyrank.model.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How processes share the work over Redis; nothing here matters without a Redis.
 *
 * @param redisUrl {@code redis://HOST:PORT/DATABASE}, or {@code rediss://} for TLS, with user and password if it has
 *     any; without it everything happens in this process
 * @param redisPassword in place of one in the URL; give it as a variable, so that it is in no file and no list of
 *     processes
 * @param keyPrefix begins every key; deployments that share a Redis need different ones
 */
@ConfigurationProperties("whyrank.cluster")
public record ClusterProperties(
        @Nullable String redisUrl,
        @Nullable String redisPassword,
        @DefaultValue("whyrank") String keyPrefix) {

    /**
     * Checks what can be checked without Redis.
     *
     * @throws InvalidInputException if the URL is none of Redis, or the prefix has characters that keys should not have
     */
    public ClusterProperties {
        redisUrl = redisUrl == null || redisUrl.isBlank() ? null : redisUrl.strip();
        if (redisUrl != null) {
            requireRedis(redisUrl);
        }
        if (!keyPrefix.matches("[A-Za-z0-9_.:-]+")) {
            throw new InvalidInputException(
                    "whyrank.cluster.key-prefix is '" + keyPrefix + "'; use letters, digits and any of _ . : -");
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

package dev.whyrank.api;

import dev.whyrank.model.InvalidInputException;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits and manners of the HTTP side.
 *
 * @param maxDocuments documents per request; more get 413
 * @param maxBody size of a request body; larger bodies get 413 before they are parsed
 * @param keepAlive interval between keep-alive comments on a stream; must be shorter than the idle timeout of any proxy in
 *     between
 * @param clientTimeout how long a client may read nothing before its stream is closed
 * @param streamBuffer bytes buffered for one client; a client that falls further behind loses its stream at once
 * @param strictModel true to answer an unknown model name with 404 instead of a warning
 * @param apiKeys keys that give access to the API, or their digests as {@code whyrank key} prints them; unset: no key
 *     is needed
 * @param requestsPerMinute requests per minute for each key, with bursts up to that number; more get 429; 0 for no
 *     limit
 * @param corsOrigins origins whose pages may call the API from a browser; unset: only the service's own
 */
@ConfigurationProperties("whyrank.api")
public record WhyrankApiProperties(
        @DefaultValue("1000") int maxDocuments,
        @DefaultValue("10MB") DataSize maxBody,
        @DefaultValue("15s") Duration keepAlive,
        @DefaultValue("30s") Duration clientTimeout,
        @DefaultValue("16MB") DataSize streamBuffer,
        @DefaultValue("false") boolean strictModel,
        @DefaultValue List<String> apiKeys,
        @DefaultValue("0") int requestsPerMinute,
        @DefaultValue List<String> corsOrigins) {

    /**
     * Checks the limits.
     *
     * @throws InvalidInputException if a limit is not positive or a key is blank
     */
    public WhyrankApiProperties {
        requirePositive("max-documents", maxDocuments);
        requirePositive("max-body", maxBody.toBytes());
        if (maxBody.toBytes() > Integer.MAX_VALUE) {
            throw new InvalidInputException("whyrank.api.max-body: must be less than 2GB");
        }
        requirePositive("keep-alive", keepAlive.toMillis());
        requirePositive("client-timeout", clientTimeout.toMillis());
        requirePositive("stream-buffer", streamBuffer.toBytes());
        apiKeys = List.copyOf(apiKeys);
        corsOrigins = List.copyOf(corsOrigins);
        if (apiKeys.stream().anyMatch(String::isBlank)) {
            throw new InvalidInputException("whyrank.api.api-keys: a key is blank; remove it or give it a value");
        }
        apiKeys.forEach(KeyDigest::parse);
        if (requestsPerMinute < 0) {
            throw new InvalidInputException("whyrank.api.requests-per-minute: must be 0 (no limit) or greater");
        }
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new InvalidInputException("whyrank.api." + name + ": must be greater than 0");
        }
    }

    /** Leaves the keys out, because settings end up in logs. */
    @Override
    public String toString() {
        return "WhyrankApiProperties[maxDocuments=%d, maxBody=%s, keepAlive=%s, apiKeys=%d hidden]"
                .formatted(maxDocuments, maxBody, keepAlive, apiKeys.size());
    }
}

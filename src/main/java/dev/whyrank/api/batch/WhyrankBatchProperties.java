package dev.whyrank.api.batch;

import dev.whyrank.model.InvalidInputException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much may be sent as a batch, and how it is worked on.
 *
 * @param maxLines requests per batch; more get 413
 * @param maxBody size of a batch; larger ones get 413
 * @param maxSize memory in this process for the lines and results of all batches; above it, new batches get 429
 * @param retention how long a batch and its results are kept after it ends
 * @param concurrency batch requests processed at once; more use the machine better and leave less for interactive
 *     requests
 * @param lease how long after a process died another one that shares its Redis takes over its batches
 */
@ConfigurationProperties("whyrank.batches")
public record WhyrankBatchProperties(
        @DefaultValue("10000") int maxLines,
        @DefaultValue("50MB") DataSize maxBody,
        @DefaultValue("256MB") DataSize maxSize,
        @DefaultValue("24h") Duration retention,
        @DefaultValue("2") int concurrency,
        @DefaultValue("30s") Duration lease) {

    /**
     * Checks the limits.
     *
     * @throws InvalidInputException if one is not positive
     */
    public WhyrankBatchProperties {
        requirePositive("max-lines", maxLines);
        requirePositive("max-body", maxBody.toBytes());
        if (maxBody.toBytes() > Integer.MAX_VALUE) {
            throw new InvalidInputException("whyrank.batches.max-body: must be less than 2GB");
        }
        requirePositive("max-size", maxSize.toBytes());
        requirePositive("retention", retention.toMillis());
        requirePositive("concurrency", concurrency);
        requirePositive("lease", lease.toMillis());
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new InvalidInputException("whyrank.batches." + name + ": must be greater than 0");
        }
    }
}

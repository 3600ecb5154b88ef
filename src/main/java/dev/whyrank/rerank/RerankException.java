package dev.whyrank.rerank;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request is refused, with a message that the caller may read. */
public final class RerankException extends RuntimeException {

    private final ErrorCode code;
    private final @Nullable Duration retryAfter;

    public RerankException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /**
     * A refusal that may pass.
     *
     * @param retryAfter when to try again, or null if unknown
     */
    public RerankException(ErrorCode code, String message, @Nullable Duration retryAfter) {
        super(message);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public ErrorCode code() {
        return code;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}

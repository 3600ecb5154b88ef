package dev.whyrank.rerank;

/** Every way a request or a document can fail. {@code api} maps each to one HTTP status. */
public enum ErrorCode {
    INVALID_REQUEST(false),
    UNAUTHORIZED(false),
    FORBIDDEN(false),
    NOT_FOUND(false),
    METHOD_NOT_ALLOWED(false),
    MODEL_NOT_FOUND(false),
    NOT_ACCEPTABLE(false),
    TOO_LARGE(false),
    UNSUPPORTED_MEDIA_TYPE(false),
    CONTEXT_LENGTH_EXCEEDED(false),
    OVERLOADED(true),
    RATE_LIMITED(true),
    NOT_READY(true),
    DEADLINE_EXCEEDED(true),
    CANCELLED(true),
    ENGINE_FAILURE(true);

    private final boolean retryable;

    ErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }
}

package dev.whyrank.rerank.remote;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** There is no answer. The message tells what happened without the endpoint's own words. */
public final class ChatFailure extends RuntimeException {

    private final Kind kind;
    private final boolean begun;
    private final String detail;
    private final @Nullable Duration retryAfter;

    /** What happened, and whether the same call may succeed later. */
    public enum Kind {
        UNREACHABLE(true),
        /** 429. */
        BUSY(true),
        /** 5xx, or an error in the stream. */
        FAILED(true),
        SILENT(true),
        /** The stream broke off. */
        CUT(true),
        /** It is no chat completion. */
        UNREADABLE(true),
        /** It ended without a word. */
        EMPTY(true),
        /** A field was not understood; the next attempt leaves it out. */
        UNSUPPORTED(false),
        /** 401, 403, 404: no call will succeed. */
        UNUSABLE(false),
        /** The model, or who watches it, declines to answer. */
        REFUSED(false),
        /** More than the model can read. */
        TOO_LONG(false),
        /** Another 4xx. */
        REJECTED(false);

        private final boolean passing;

        Kind(boolean passing) {
            this.passing = passing;
        }
    }

    ChatFailure(Kind kind, String message) {
        this(kind, message, false, "", null, null);
    }

    ChatFailure(
            Kind kind,
            String message,
            boolean begun,
            String detail,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.begun = begun;
        this.detail = detail;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** The endpoint's own words, shortened, possibly none; they may quote what it was asked. */
    public String detail() {
        return detail;
    }

    /** Whether a part of the answer was given before. */
    boolean begun() {
        return begun;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether to ask again after at most so long. */
    boolean passes(Duration longestWait) {
        return kind.passing
                && retryAfter().map(wait -> wait.compareTo(longestWait) <= 0).orElse(true);
    }

    ChatFailure afterBeginning() {
        return new ChatFailure(kind, String.valueOf(getMessage()), true, detail, retryAfter, getCause());
    }
}

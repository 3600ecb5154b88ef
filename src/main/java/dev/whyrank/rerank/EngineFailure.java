package dev.whyrank.rerank;

import dev.whyrank.generate.EngineClosedException;
import dev.whyrank.generate.EngineOverloadedException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What the caller is told when the engine does not do its part. */
public record EngineFailure(ErrorCode code, String message) {

    /** What is told about a document. */
    public static EngineFailure of(@Nullable Throwable thrown) {
        return of(thrown, "document");
    }

    /** The same for a piece of work of another name. */
    static EngineFailure of(@Nullable Throwable thrown, String work) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (cause instanceof EngineClosedException) {
            return new EngineFailure(ErrorCode.NOT_READY, "the service is shutting down");
        }
        if (cause instanceof EngineOverloadedException) {
            return new EngineFailure(ErrorCode.OVERLOADED, "the engine's queue is full, try again later");
        }
        return new EngineFailure(ErrorCode.ENGINE_FAILURE, "the model failed on this " + work);
    }
}

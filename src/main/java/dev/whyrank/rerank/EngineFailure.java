package dev.whyrank.rerank;

import dev.whyrank.generate.EngineClosedException;
import dev.whyrank.generate.EngineOverloadedException;
import dev.whyrank.model.InvalidInputException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the caller is told when the engine does not do its part. */
public record EngineFailure(ErrorCode code, String message) {

    private static final Logger LOG = LoggerFactory.getLogger(EngineFailure.class);

    /** What is told of documents that a judge did not take; what is not the request's own fault is logged. */
    public static EngineFailure atHandOver(RuntimeException thrown, String request) {
        if (thrown instanceof RerankException refusal) {
            return new EngineFailure(refusal.code(), String.valueOf(thrown.getMessage()));
        }
        if (thrown instanceof InvalidInputException) {
            return new EngineFailure(ErrorCode.INVALID_REQUEST, String.valueOf(thrown.getMessage()));
        }
        LOG.warn("documents of request {} could not be handed to the engine", request, thrown);
        return of(thrown);
    }

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

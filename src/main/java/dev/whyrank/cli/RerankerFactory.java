package dev.whyrank.cli;

import dev.whyrank.rerank.Reranker;
import org.jspecify.annotations.Nullable;

/** Opens the reranker that a command drives: the same as the service's. */
public interface RerankerFactory {

    /**
     * Loads a model and starts it.
     *
     * @param model a folder or a name on the hub; null for the embedded one
     * @throws dev.whyrank.model.InvalidInputException if it cannot be used
     */
    Opened open(@Nullable String model);

    /** A running reranker and what it holds. */
    interface Opened extends AutoCloseable {

        Reranker reranker();

        /** A short text that differs where anything does that its judgements depend on besides their request. */
        String identity();

        @Override
        void close();
    }
}

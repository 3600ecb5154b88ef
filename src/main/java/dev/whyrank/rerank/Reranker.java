package dev.whyrank.rerank;

import java.util.function.Consumer;

/** Judges the documents of requests and ranks them. Safe for use by many threads. */
public interface Reranker {

    /** The name under which results report the model. */
    String model();

    /** What explanations are made of: {@code reasoning} by a language model, or {@code evidence} that is quoted. */
    ExplanationKind explanationKind();

    /**
     * Accepts a request, whole, or refuses it before any work.
     *
     * <p>After acceptance the listener gets {@link RerankEvent.Started}, then for each document its events, the last of
     * which is exactly one of {@link RerankEvent.DocumentCompleted} and {@link RerankEvent.DocumentFailed}, then
     * exactly one of {@link RerankEvent.Completed} and {@link RerankEvent.Failed}. After {@link Handle#cancel()} the
     * same holds, with failed documents and a failed request.
     *
     * @throws RerankException if the request is refused
     */
    Handle rerank(RerankRequest request, Consumer<RerankEvent> listener);

    /** An accepted request. */
    interface Handle {

        /** The client is gone: frees the request's slots within one step. Harmless after the end. */
        void cancel();
    }
}

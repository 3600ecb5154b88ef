package dev.whyrank.rerank;

/** Writes search queries that would help to answer a question. Safe for use by many threads. */
public interface QueryWriter {

    /** Queries that a model is asked for. */
    int MOST = 10;

    /**
     * Accepts a question or refuses it before any work. After acceptance the listener is told exactly one thing, exactly
     * once.
     *
     * @throws RerankException if the question is refused
     */
    Reranker.Handle write(QueryRequest request, Listener listener);

    /** Told how it ended, on a worker's thread; must return at once. */
    interface Listener {

        void written(WrittenQueries written);

        void failed(ErrorCode code, String message);
    }

    /** One that refuses every question, because nothing here can write. */
    static QueryWriter refusing(String why) {
        return (request, listener) -> {
            throw new RerankException(ErrorCode.INVALID_REQUEST, why);
        };
    }
}

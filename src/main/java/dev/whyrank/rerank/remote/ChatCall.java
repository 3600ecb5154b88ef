package dev.whyrank.rerank.remote;

/** A call under way. */
@FunctionalInterface
public interface ChatCall {

    /** Closes the connection, so that the endpoint stops too. Safe from any thread, harmless after the end. */
    void cancel();
}

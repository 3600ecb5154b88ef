package dev.whyrank.rerank;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens to requests and documents, for meters. Called from many threads; must return at once, never throw. */
public interface RerankObserver {

    /** Hears nothing. */
    RerankObserver NONE = new RerankObserver() {};

    /** A request of so many documents was accepted. */
    default void accepted(int documents) {}

    /**
     * A request was accepted and is about to begin; called on the thread of whoever asks.
     *
     * @param model the name that its results will report
     * @return hears the request's events, in their order, each before the request's own listener does
     */
    default Consumer<RerankEvent> begun(RerankRequest request, String model) {
        return event -> {};
    }

    /** A request was refused. */
    default void rejected(ErrorCode code) {}

    /** The state after a change: accepted requests that have not ended, and documents that nobody works on yet. */
    default void waiting(int requests, int documents) {}

    /** A request's first document got its turn. */
    default void queued(Duration wait) {}

    /** A request's first piece of an explanation or first label came, so long after its acceptance. */
    default void firstToken(Duration wait) {}

    /** Documents were looked up in the result cache, and so many of them need not be judged anew. */
    default void lookedUp(int documents, int reused) {}

    /** A document was judged. */
    default void judged(Judgement judgement) {}

    /** A document failed. */
    default void failed(ErrorCode code) {}

    /** A request was cancelled by its client before its end. */
    default void cancelled() {}

    /** A request ended, with a ranking or, if there is a failure, without one. */
    default void ended(RerankEvent.Timings timings, @Nullable ErrorCode failure) {}
}

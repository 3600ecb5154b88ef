package dev.whyrank.generate;

import java.util.List;

/** What the engine does, for meters. Called on the engine's thread; must return at once. All methods may be ignored. */
public interface EngineListener {

    /** Hears nothing. */
    EngineListener NONE = new EngineListener() {};

    /** One that passes everything on to several, none of which can harm the others. */
    static EngineListener all(List<EngineListener> listeners) {
        return new GuardedListener(listeners);
    }

    /**
     * The size of the cache, told once, before anything else, on the thread that makes the engine.
     *
     * @param positions of all slots together
     */
    default void capacity(long positions) {}

    /**
     * A step has run.
     *
     * @param chunks sequences and shared prefixes that it advanced
     * @param prefillTokens prompt and forced tokens computed
     * @param decodeTokens generated tokens computed, one for each sequence that is generating; with {@code prefillTokens}
     *     the size of the step
     * @param copiedTokens prefix tokens copied
     * @param nanos time in the model
     */
    default void step(int chunks, int prefillTokens, int decodeTokens, int copiedTokens, long nanos) {}

    /** A step has failed; its sequences were told. */
    default void stepFailed(RuntimeException cause) {}

    /**
     * The state after a step or a change.
     *
     * @param waiting sequences without a slot
     * @param running sequences with a slot
     * @param usedPositions cache positions written, over all slots, shared prefixes included
     * @param slots slots in use, shared prefixes included
     */
    default void state(int waiting, int running, long usedPositions, int slots) {}

    /** Sequences of a request were taken on, with so many leading tokens to share. */
    default void accepted(List<SequenceRequest> sequences, int sharedPrefix) {}

    /** Texts of a request, as token ids, were taken on to be encoded. */
    default void accepted(List<int[]> texts) {}

    /** A batch of texts was encoded. */
    default void encoded(int texts, int tokens, long nanos) {}
}

package dev.whyrank.generate;

/** Something that happened to one sequence, as data. The same life as {@link SequenceListener}'s. */
public sealed interface SequenceEvent {

    /** The id under which the request was added. */
    long request();

    /** The sequence's place in its request. */
    int index();

    /** The sequence got its slot. */
    record Started(long request, int index, int promptTokens, int cachedTokens) implements SequenceEvent {}

    /** A token was generated. */
    record Token(long request, int index, int token, float[] labelLogProbabilities) implements SequenceEvent {}

    /** The end. */
    record Finished(long request, int index, FinishReason reason, float[] labelLogProbabilities)
            implements SequenceEvent {}

    /** The end, when the model failed. */
    record Failed(long request, int index, RuntimeException cause) implements SequenceEvent {}

    /** Whether nothing follows for this sequence. */
    default boolean terminal() {
        return this instanceof Finished || this instanceof Failed;
    }
}

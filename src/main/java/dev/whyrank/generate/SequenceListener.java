package dev.whyrank.generate;

/**
 * What happens to one sequence, told on the engine's thread. After {@link #started} come {@link #token}s, then exactly
 * one of {@link #finished} and {@link #failed}; a sequence that is cancelled or fails while it waits is never started.
 */
public interface SequenceListener {

    /**
     * The sequence got its slot.
     *
     * @param promptTokens tokens of its prompt
     * @param cachedTokens how many of those are copied from the request's shared prefix instead of computed; 0 for the
     *     sequence that brought the prefix, so that prompt tokens less cached tokens, over a request, is what was computed
     */
    void started(int promptTokens, int cachedTokens);

    /**
     * A token was generated.
     *
     * @param token its id
     * @param labelLogProbabilities of the distribution it was chosen from, in the order of the model's label ids
     */
    void token(int token, float[] labelLogProbabilities);

    /**
     * The end.
     *
     * @param reason why
     * @param labelLogProbabilities after the forced continuation, if one was appended, or after the prompt if nothing was
     *     to be generated; otherwise empty
     */
    void finished(FinishReason reason, float[] labelLogProbabilities);

    /** The end, when the model failed or the engine was closed. */
    void failed(RuntimeException cause);
}

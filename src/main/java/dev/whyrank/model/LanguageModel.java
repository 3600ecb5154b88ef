package dev.whyrank.model;

/**
 * A causal language model with a key-value cache of fixed slots. Owned by one thread.
 *
 * <p>The contract that every implementation keeps: the row of a chunk depends on the tokens of its own slot alone,
 * never on the other chunks of the step, on how its tokens were cut into chunks, on which slot it is in, or on whether
 * its prefix was copied or computed.
 */
public interface LanguageModel extends AutoCloseable {

    /** Number of slots of the cache. */
    int slots();

    /** Positions in each slot. */
    int slotLength();

    /** Number of token ids; every token of a step is in [0, vocabularySize). */
    int vocabularySize();

    /** The tokens whose log probabilities come back with every row; may be empty. */
    int[] labelIds();

    /**
     * Runs one forward pass.
     *
     * @throws RuntimeException if the pass fails; the slots of its chunks are then undefined, all others unchanged
     */
    StepResult run(Step step);

    @Override
    void close();
}

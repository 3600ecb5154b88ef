package dev.whyrank.model;

/**
 * How one token is chosen. The random number comes from the caller, derived from a sequence's seed and the position, so
 * that a choice never depends on what else is in the batch.
 *
 * @param temperature 0 for the most likely token; otherwise logits are divided by it
 * @param topP only the smallest set of most likely tokens whose probability reaches this is sampled from, in (0, 1]
 * @param uniform a number in [0, 1), ignored when the temperature is 0
 */
public record Sampling(float temperature, float topP, float uniform) {

    /** The most likely token. */
    public static final Sampling GREEDY = new Sampling(0f, 1f, 0f);
}

package dev.whyrank.generate;

/**
 * How a whole sequence is sampled. Each position's random number is a hash of seed and position.
 *
 * @param temperature 0 for the most likely token
 * @param topP nucleus probability, in (0, 1]
 * @param seed identifies the sequence's random numbers
 */
public record SamplingPolicy(float temperature, float topP, long seed) {

    /** The most likely token, always. */
    public static final SamplingPolicy GREEDY = new SamplingPolicy(0f, 1f, 0L);
}

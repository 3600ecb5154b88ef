package dev.whyrank.generate;

import dev.whyrank.model.Sampling;

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

    /**
     * How one token is chosen.
     *
     * @param position where the chosen token will be in its sequence
     */
    Sampling at(int position) {
        return temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, topP, Uniforms.at(seed, position));
    }
}

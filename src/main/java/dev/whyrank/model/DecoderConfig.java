package dev.whyrank.model;

import org.jspecify.annotations.Nullable;

/**
 * The shape of a decoder with rotary positions, as its checkpoint states it.
 *
 * @param family which architecture it is
 * @param layers number of blocks
 * @param hidden width of the residual stream
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of one head
 * @param feedForward width of the gated layer
 * @param vocabulary rows of the embedding table
 * @param contextLength most positions the model was made for
 * @param normEpsilon added under the root in every norm
 * @param ropeTheta base of the rotary frequencies
 * @param ropeScaling the Llama 3 frequency scaling, or null for none
 * @param tiedHead whether the output matrix is the embedding table
 */
public record DecoderConfig(
        Family family,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headDim,
        int feedForward,
        int vocabulary,
        int contextLength,
        double normEpsilon,
        double ropeTheta,
        @Nullable RopeScaling ropeScaling,
        boolean tiedHead) {

    /** The architectures that can be served. */
    public enum Family {
        LLAMA,
        QWEN2,
        QWEN3
    }

    /** Parameters of the {@code llama3} rotary scaling, named as in config.json. */
    public record RopeScaling(
            double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContextLength) {}
}

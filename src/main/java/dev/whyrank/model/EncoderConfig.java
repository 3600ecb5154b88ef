package dev.whyrank.model;

/**
 * The shape of a BERT encoder whose sentence vector is the mean over its tokens, as its checkpoint states it.
 *
 * @param layers number of blocks
 * @param hidden width of the residual stream, and length of the sentence vector
 * @param heads attention heads; divides {@code hidden}
 * @param feedForward width of the inner layer
 * @param vocabulary rows of the word embedding table
 * @param positions rows of the position embedding table: most tokens of one text
 * @param normEpsilon added to the variance in every layer norm
 */
public record EncoderConfig(
        int layers, int hidden, int heads, int feedForward, int vocabulary, int positions, double normEpsilon) {

    /** The embedded default, all-MiniLM-L6-v2. */
    public static final EncoderConfig ALL_MINILM_L6_V2 = new EncoderConfig(6, 384, 12, 1536, 30522, 512, 1e-12);
}

package dev.whyrank.model.torch;

/**
 * Sequences to learn from, and what of them is to be learnt.
 *
 * @param tokens sequences of any lengths above 0
 * @param rows which positions are asked for a token, counted through all sequences as if each had the longest one's
 *     length
 * @param targets the token that should follow each of the rows
 * @param weights of each row's negative log likelihood in the loss, which is their weighted sum
 */
public record TrainingBatch(int[][] tokens, int[] rows, int[] targets, float[] weights) {

    public TrainingBatch {
        if (tokens.length == 0 || rows.length == 0) {
            throw new IllegalArgumentException("a batch needs sequences and rows to learn");
        }
        if (rows.length != targets.length || rows.length != weights.length) {
            throw new IllegalArgumentException("a batch needs one target and one weight for each row");
        }
    }

    /**
     * What a model makes of the rows.
     *
     * @param losses the negative log likelihood of each row's target
     * @param likeliest the likeliest token of each row
     */
    public record Outcome(float[] losses, int[] likeliest) {}

    /** Tokens of the longest sequence. */
    public int width() {
        int width = 0;
        for (int[] sequence : tokens) {
            width = Math.max(width, sequence.length);
        }
        return width;
    }

    /** [sequences, width] row by row; what fills short sequences is never read. */
    long[] laidOut() {
        int width = width();
        long[] flat = new long[tokens.length * width];
        for (int i = 0; i < tokens.length; i++) {
            for (int j = 0; j < tokens[i].length; j++) {
                flat[i * width + j] = tokens[i][j];
            }
        }
        return flat;
    }
}

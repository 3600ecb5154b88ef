package dev.whyrank.train.tuning;

/**
 * A prompt and the answer to learn.
 *
 * @param prompt tokens that are read and never learnt
 * @param answer tokens to learn, at least one
 * @param weight of this answer among others; 1 for a teacher's
 * @param labelAt which token of the answer is the label; -1 for none
 */
public record Example(int[] prompt, int[] answer, double weight, int labelAt) {

    public Example {
        if (prompt.length == 0 || answer.length == 0) {
            throw new IllegalArgumentException("an example needs a prompt and an answer");
        }
    }

    /** Tokens of both. */
    public int length() {
        return prompt.length + answer.length;
    }

    /** The same with another weight. */
    public Example weighing(double other) {
        return new Example(prompt, answer, other, labelAt);
    }
}

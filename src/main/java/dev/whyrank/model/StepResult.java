package dev.whyrank.model;

/**
 * What a step chose: one row for each chunk with a sampling, in the order of the chunks.
 *
 * @param tokens the chosen token of each row
 * @param labelLogProbabilities for each row the natural-log probabilities, over the whole vocabulary, of the model's
 *     label tokens, in the order of {@link LanguageModel#labelIds()}; NaN where the model's output was not a number
 */
public record StepResult(int[] tokens, float[][] labelLogProbabilities) {}

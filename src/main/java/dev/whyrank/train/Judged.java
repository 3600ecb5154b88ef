package dev.whyrank.train;

/**
 * A document of a question, judged.
 *
 * @param label known, 0 to 2
 * @param score given; higher is better
 * @param given label given, 0 to 2
 */
public record Judged(int label, double score, int given) {}

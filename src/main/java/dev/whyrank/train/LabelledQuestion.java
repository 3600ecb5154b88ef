package dev.whyrank.train;

import java.util.List;

/**
 * A question and its labelled candidates.
 *
 * @param text title and body
 * @param documents the candidates' texts
 * @param labels 0, 1 or 2, one for each document
 */
public record LabelledQuestion(String text, List<String> documents, List<Integer> labels) {}

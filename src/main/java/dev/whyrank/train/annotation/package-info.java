/**
 * Records for training: a teacher elsewhere labels and explains, and dumps of question-and-answer sites become records
 * to annotate.
 *
 * <p>{@code Annotation} runs on the caller's thread and asks through {@code train.paid}, whose journal keeps every answer.
 * The records are written at the end, from the input and the journal, so they can be written again at any time.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train.annotation;

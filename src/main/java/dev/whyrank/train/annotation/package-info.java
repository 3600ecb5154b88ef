/**
 * Records for training: a teacher elsewhere labels and explains, and dumps of question-and-answer sites become records
 * to annotate.
 *
 * <p>{@code Annotation} runs on the caller's thread, which hands out calls and waits; answers come on the client's
 * threads and go through the journal's lock. The journal has every answer as it came, before anything is read of it, under a
 * hash of the teacher and the question: whatever ends a run, no question is paid for twice. The records are written at
 * the end, from the input and the journal, so they can be written again at any time.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train.annotation;

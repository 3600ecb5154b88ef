/**
 * Asking models elsewhere without paying twice: the journal of what they answered, and the loop that asks for the rest.
 *
 * <p>{@code PaidChat} runs on its caller's thread, which hands out calls and waits; answers come on the client's threads
 * and go through the journal's lock. The journal has every answer as it came, before anything is read of it, under a hash of
 * model and question: whatever ends a run, no question is paid for twice. Who asks decides what can be used of an answer.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train.paid;

/**
 * Continuous batching of token sequences.
 *
 * <p>Decide, run, apply: the scheduler is pure and single-threaded; it decides the next {@link
 * dev.whyrank.model.Step}, the engine's one thread runs it, and the scheduler applies the result. No clock, thread or
 * random number exists here outside the engine class.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.generate;

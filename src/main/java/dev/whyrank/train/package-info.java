/**
 * Fits what the service judges with, from labelled records.
 *
 * <p>Everything happens on the caller's thread, except encoding, which the engine's own thread does. Fitting is
 * deterministic: chance comes from a seed alone, and sums are made in one order, so the same records and the same
 * vectors give the same numbers.
 *
 * <p>Language models are trained in the packages below: {@code tuning} (records to batches to steps), {@code refinement}
 * (sampled answers to weights) and {@code laboratory} (a world to test in). They know this package as little as it them.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train;

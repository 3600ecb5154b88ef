/**
 * Refinement by offline reinforcement learning: a model writes several answers to each pair, or lists of queries for each
 * question; a scorer rewards them, and the model learns its good ones, each weighed by its reward.
 *
 * <p>Answers are sampled by the engine that serves, so what is learnt is what will be served. Everything between the
 * rewards and the examples is pure ({@code Weighing}), what is asked is told apart by its place and never by its text, and
 * sampling is a function of the seed, the round and that place.
 *
 * <p>The engine has its own thread; everything else happens on the caller's.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train.refinement;

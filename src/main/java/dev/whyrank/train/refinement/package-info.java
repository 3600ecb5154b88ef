/**
 * Refinement by offline reinforcement learning: a model writes several answers to each pair, a scorer rewards them, and
 * the model learns its good ones, each weighed by its reward.
 *
 * <p>Answers are sampled by the engine that serves, so what is learnt is what will be served. Everything between the
 * rewards and the examples is pure ({@code Weighing}), pairs are told apart by their place and never by their text, and
 * sampling is a function of the seed, the round and the pair.
 *
 * <p>The engine has its own thread; everything else happens on the caller's.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train.refinement;

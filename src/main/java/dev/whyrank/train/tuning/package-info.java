/**
 * Fine-tuning: records become token sequences, sequences become batches, batches become steps of a {@link
 * dev.whyrank.model.torch.TorchTrainer}. Supervised and reward-weighted learning are the same here; they differ in the
 * weights of their examples.
 *
 * <p><b>Decide, run, apply.</b> {@code BatchOrder} and {@code LearningRate} are pure functions of the step and the
 * seed, {@code Batches} lays a batch out with each token's weight in the loss, the trainer computes, and {@code
 * TuningRun} writes down what came of it. No random number has a history: each is drawn from a hash of seed and step,
 * so a run that was killed goes on from its last saved state as if nothing had happened.
 *
 * <p>Everything happens on the caller's thread.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train.tuning;

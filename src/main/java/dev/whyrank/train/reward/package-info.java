/**
 * Rewards that other models give to the answers of a round: a judge behind an OpenAI-compatible endpoint, or a reward
 * model on the engine that serves.
 *
 * <p>Both read the same words ({@code RewardWords}), which spell out what the labels mean, because neither was made for
 * this task. Both open what they need when a round is to be rewarded and close it before they return, so that no two
 * models are in memory at once. They run on the caller's thread; the judge's answers come on its client's threads and are
 * read after all have come, a reward model computes on its engine's thread.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train.reward;

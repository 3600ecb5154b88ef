package dev.whyrank.generate;

import dev.whyrank.model.InvalidInputException;

/**
 * How much the engine takes on at once.
 *
 * @param tokenBudget most tokens of a generation step, at least the number of slots; more makes prompts faster and the
 *     tokens of running streams come less often
 * @param inboxCapacity most sequences that may wait for a slot; what does not fit is refused
 * @param encoderTokenBudget most tokens of an encoder batch, padding counted; more is faster on large devices and lets
 *     generation wait longer
 * @param encoderCapacity most texts that may wait to be encoded; what does not fit is refused
 */
public record EngineSettings(int tokenBudget, int inboxCapacity, int encoderTokenBudget, int encoderCapacity) {

    /** What serves a small machine well. */
    public static final EngineSettings DEFAULT = new EngineSettings(512, 4096, 8192, 65_536);

    public EngineSettings {
        requirePositive("token-budget", tokenBudget);
        requirePositive("inbox-capacity", inboxCapacity);
        requirePositive("encoder-token-budget", encoderTokenBudget);
        requirePositive("encoder-capacity", encoderCapacity);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new InvalidInputException("whyrank.engine." + name + " is " + value + "; give 1 or more");
        }
    }
}

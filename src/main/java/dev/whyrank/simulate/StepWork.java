package dev.whyrank.simulate;

import dev.whyrank.model.Step;

/**
 * What a step asks of a model, as counts.
 *
 * @param prefillTokens prompt and forced tokens computed
 * @param decodeSequences sequences that decode, one token each
 * @param decodeContext positions that the decoding tokens attend to, their own included, over all of them
 * @param prefillContext positions that the prefill tokens attend to, their own included, over all of them
 * @param copiedTokens tokens of shared prefixes copied from slot to slot
 */
public record StepWork(
        int prefillTokens, int decodeSequences, long decodeContext, long prefillContext, int copiedTokens) {

    /**
     * Counts a step.
     *
     * @param decodeTokens how many of its chunks, the first ones, decode
     */
    public static StepWork of(Step step, int decodeTokens) {
        int prefill = 0;
        int chunks = 0;
        long decodeContext = 0;
        long prefillContext = 0;
        for (Step.Chunk chunk : step.chunks()) {
            int tokens = chunk.tokens().length;
            if (chunks++ < decodeTokens) {
                decodeContext += chunk.position() + 1L;
            } else {
                prefill += tokens;
                prefillContext += (long) tokens * chunk.position() + tokens * (tokens + 1L) / 2;
            }
        }
        int copied = 0;
        for (Step.PrefixCopy copy : step.copies()) {
            copied += copy.length();
        }
        return new StepWork(prefill, decodeTokens, decodeContext, prefillContext, copied);
    }
}

package dev.whyrank.simulate;

import dev.whyrank.generate.SamplingPolicy;
import dev.whyrank.generate.SequenceListener;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.generate.StopRule;
import dev.whyrank.model.Step;
import dev.whyrank.model.StepResult;
import java.util.List;
import java.util.Set;

/**
 * A language model that writes so many tokens and then stops, without computing anything or remembering anything: each
 * token is one less than the token before it, down to 0, the stop token. A prompt's last token is hence how much will be
 * written.
 */
public final class Countdown {

    /** What ends every sequence. */
    private static final StopRule AT_ZERO = new StopRule(Set.of(0), List.of());

    private static final float[] NO_LABELS = {};

    private Countdown() {}

    /**
     * A sequence for it.
     *
     * @param promptTokens at least 1
     * @param written tokens that it will write if nothing ends it before; less than the vocabulary
     * @param limit most tokens that it may write
     * @param forced tokens that are appended when it does not stop by itself
     */
    public static SequenceRequest sequence(
            int promptTokens, int written, int limit, int forced, SequenceListener listener) {
        int[] prompt = new int[promptTokens];
        prompt[promptTokens - 1] = written + 1;
        return new SequenceRequest(prompt, limit, new int[forced], SamplingPolicy.GREEDY, AT_ZERO, listener);
    }

    /** Answers a step. */
    public static StepResult run(Step step) {
        List<Step.Chunk> chunks = step.chunks();
        int rows = 0;
        for (Step.Chunk chunk : chunks) {
            rows += chunk.sampling() == null ? 0 : 1;
        }
        int[] next = new int[rows];
        float[][] labels = new float[rows][];
        int row = 0;
        for (Step.Chunk chunk : chunks) {
            if (chunk.sampling() != null) {
                int[] tokens = chunk.tokens();
                // Behind a forced continuation, which is all zeros, a row is read but its token is not used.
                next[row] = Math.max(0, tokens[tokens.length - 1] - 1);
                labels[row++] = NO_LABELS;
            }
        }
        return new StepResult(next, labels);
    }
}

package dev.whyrank.generate;

import dev.whyrank.model.Sampling;
import dev.whyrank.model.ScriptedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a sequence must give, worked out from the definition: no slots, no steps, no incremental matching. An oracle for
 * everything that batching must not change.
 */
record Alone(List<Integer> tokens, List<float[]> labels, FinishReason reason, float[] finalLabels) {

    static Alone of(SequenceRequest request, ScriptedModel model) {
        List<Integer> tokens = new ArrayList<>();
        List<float[]> labels = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (tokens.size() < request.maxNewTokens()) {
            int[] history = history(request, tokens);
            int token = model.expectedToken(history, sampling(request.sampling(), history.length));
            if (request.stop().tokens().contains(token)) {
                return new Alone(tokens, labels, FinishReason.STOP, new float[0]);
            }
            tokens.add(token);
            labels.add(model.expectedLabels(history));
            text.append(Texts.spell(token));
            if (request.stop().strings().stream().anyMatch(stop -> text.indexOf(stop) >= 0)) {
                return new Alone(tokens, labels, FinishReason.STOP, new float[0]);
            }
        }
        return new Alone(tokens, labels, FinishReason.LENGTH, forcedLabels(request, tokens, model));
    }

    /** The label row after prompt, generated tokens and forced continuation; none if that appends nothing. */
    static float[] forcedLabels(SequenceRequest request, List<Integer> tokens, ScriptedModel model) {
        if (request.forced().length == 0 && request.maxNewTokens() > 0) {
            return new float[0];
        }
        int[] history = history(request, tokens);
        return model.expectedLabels(IntStream.concat(Arrays.stream(history), Arrays.stream(request.forced()))
                .toArray());
    }

    private static int[] history(SequenceRequest request, List<Integer> tokens) {
        return IntStream.concat(Arrays.stream(request.prompt()), tokens.stream().mapToInt(Integer::intValue))
                .toArray();
    }

    private static Sampling sampling(SamplingPolicy policy, int position) {
        return policy.temperature() == 0
                ? Sampling.GREEDY
                : new Sampling(policy.temperature(), policy.topP(), Uniforms.at(policy.seed(), position));
    }
}

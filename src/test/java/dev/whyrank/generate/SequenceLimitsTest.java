package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.whyrank.model.InvalidInputException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SequenceLimitsTest {

    private static final StopRule NEVER = new StopRule(Set.of(), List.of());
    private final SequenceLimits limits = new SequenceLimits(2, 10, 50);

    @Test
    void acceptsWhatJustFits() {
        accepts(0, sequence(5, new int[] {1, 49, 0}, 1, 2));
        accepts(3, sequence(0, new int[] {1, 2, 3}), sequence(7, new int[] {1, 2, 3}));
        accepts(1, sampled(0.1f, 1f), sampled(9f, 0.01f));
    }

    @Test
    void namesTheNumbersThatDoNotFit() {
        refuses(
                "prompt (3) + new tokens (6) + forced (2) exceed the slot length (10)",
                0,
                sequence(6, new int[3], 1, 2));
        refuses("exceed", 0, sequence(Integer.MAX_VALUE, new int[3], 1, 2));
        refuses("prompt is empty", 0, sequence(1, new int[0]));
        refuses("maxNewTokens is -1", 0, sequence(-1, new int[1]));
        refuses("at least one sequence", 0);
    }

    @Test
    void namesTokensOutsideTheVocabulary() {
        refuses("sequence 1: the prompt holds token 50", 0, sequence(1, new int[1]), sequence(1, new int[] {50}));
        refuses("forced continuation holds token -1", 0, sequence(1, new int[1], -1));
    }

    @Test
    void namesAPrefixThatIsNotShared() {
        refuses("sequence 1: the first 2", 2, sequence(1, new int[] {1, 2}), sequence(1, new int[] {1, 3}));
        refuses("sequence 1: sharedPrefix is 2", 2, sequence(1, new int[] {1, 2}), sequence(1, new int[] {1}));
        refuses("sharedPrefix is -1", -1, sequence(1, new int[1]));
    }

    @Test
    void namesRulesThatMakeNoSense() {
        refuses("temperature is -1.0", 0, sampled(-1f, 1f));
        refuses("temperature is NaN", 0, sampled(Float.NaN, 1f));
        refuses("temperature is Infinity", 0, sampled(Float.POSITIVE_INFINITY, 1f));
        refuses("topP is 0.0", 0, sampled(1f, 0f));
        refuses("topP is 1.5", 0, sampled(1f, 1.5f));
        StopRule empty = new StopRule(Set.of(), List.of("a", ""));
        refuses(
                "stop string is empty",
                0,
                new SequenceRequest(new int[1], 1, new int[0], SamplingPolicy.GREEDY, empty, new Recording()));
    }

    @Test
    void needsAModelThatHoldsSomething() {
        for (int[] shape : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> new SequenceLimits(shape[0], shape[1], shape[2]))
                    .withMessageContaining("at least one slot");
        }
        assertThatCode(() -> new SequenceLimits(1, 1, 1)).doesNotThrowAnyException();
    }

    private void accepts(int sharedPrefix, SequenceRequest... sequences) {
        assertThatCode(() -> limits.check(List.of(sequences), sharedPrefix)).doesNotThrowAnyException();
    }

    private void refuses(String message, int sharedPrefix, SequenceRequest... sequences) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> limits.check(List.of(sequences), sharedPrefix))
                .withMessageContaining(message);
    }

    private static SequenceRequest sequence(int limit, int[] prompt, int... forced) {
        return new SequenceRequest(prompt, limit, forced, SamplingPolicy.GREEDY, NEVER, new Recording());
    }

    private static SequenceRequest sampled(float temperature, float topP) {
        return new SequenceRequest(
                new int[1], 1, new int[0], new SamplingPolicy(temperature, topP, 1), NEVER, new Recording());
    }
}

package dev.whyrank.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.whyrank.model.Step.Chunk;
import dev.whyrank.model.Step.PrefixCopy;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptedModelTest {

    private final ScriptedModel model = new ScriptedModel(3, 8, 100, 7, 8).tokenBudget(6);

    @Test
    void answersAloneAsInPiecesAndAfterACopy() {
        StepResult whole = run(chunk(0, 0, 1, 2, 3));
        run(new Chunk(1, 0, new int[] {1, 2}, null));
        StepResult pieces = model.run(
                new Step(List.of(new PrefixCopy(1, 2, 2)), List.of(new Chunk(2, 2, new int[] {3}, Sampling.GREEDY))));

        assertThat(pieces.tokens()).isEqualTo(whole.tokens());
        assertThat(pieces.labelLogProbabilities()).isDeepEqualTo(whole.labelLogProbabilities());
        assertThat(whole.tokens()).containsExactly(model.expectedToken(new int[] {1, 2, 3}, Sampling.GREEDY));
        assertThat(whole.labelLogProbabilities()[0]).isEqualTo(model.expectedLabels(new int[] {1, 2, 3}));
    }

    @Test
    void answersDifferentlyToAnotherHistoryOrUniform() {
        assertThat(model.expectedLabels(new int[] {1, 2})).isNotEqualTo(model.expectedLabels(new int[] {2, 1}));
        assertThat(model.expectedToken(new int[] {1}, new Sampling(1, 1, 0.25f)))
                .isNotEqualTo(model.expectedToken(new int[] {1}, new Sampling(1, 1, 0.75f)));
    }

    @Test
    void refusesBreachesOfTheContract() {
        run(chunk(0, 0, 1, 2));
        refuses("two chunks", new Step(List.of(), List.of(chunk(1, 0, 1), chunk(1, 1, 1))));
        refuses("gap", new Step(List.of(), List.of(chunk(0, 3, 1))));
        refuses("vocabulary", new Step(List.of(), List.of(chunk(1, 0, 100))));
        refuses("budget", new Step(List.of(), List.of(chunk(1, 0, 1, 2, 3, 4, 5, 6, 7))));
        refuses("beyond the end", new Step(List.of(), List.of(chunk(0, 2, 1, 2, 3, 4, 5, 6, 7))), 99);
        refuses("without chunks", new Step(List.of(), List.of()));
        refuses("slot 3", new Step(List.of(), List.of(chunk(3, 0, 1))));
        refuses("more than slot 0 holds", copying(new PrefixCopy(0, 1, 3), chunk(1, 3, 1)));
        refuses("more than slot 2 holds", copying(new PrefixCopy(2, 1, 1), chunk(1, 1, 1)));
        refuses("no chunk continues", copying(new PrefixCopy(0, 1, 1), chunk(2, 0, 1)));
        refuses("is copied from", copying(new PrefixCopy(0, 1, 1), chunk(1, 1, 1), chunk(0, 2, 1)));
    }

    @Test
    void forgetsTheSlotsOfAFailedStep() {
        run(chunk(0, 0, 1, 2));
        model.beforeStep(step -> {
            throw new IllegalStateException("broken");
        });
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> run(chunk(0, 2, 1))))
                .hasMessage("broken");
        model.beforeStep(step -> {});
        refuses("gap", new Step(List.of(), List.of(chunk(0, 2, 1))));
    }

    private StepResult run(Chunk... chunks) {
        return model.run(new Step(List.of(), List.of(chunks)));
    }

    private static Step copying(PrefixCopy copy, Chunk... chunks) {
        return new Step(List.of(copy), List.of(chunks));
    }

    private static Chunk chunk(int slot, int position, int... tokens) {
        return new Chunk(slot, position, tokens, Sampling.GREEDY);
    }

    private void refuses(String breach, Step step) {
        refuses(breach, step, 6);
    }

    private void refuses(String breach, Step step, int budget) {
        model.tokenBudget(budget);
        assertThatIllegalArgumentException().isThrownBy(() -> model.run(step)).withMessageContaining(breach);
    }
}

package dev.whyrank.generate;

import static dev.whyrank.generate.Bench.generate;
import static dev.whyrank.generate.Bench.lengths;
import static dev.whyrank.generate.Bench.nextStep;
import static dev.whyrank.generate.Bench.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.Step;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a step's budget is shared. */
class StepPlanTest {

    @Test
    void putsDecodeTokensBeforePromptsAndFillsTheBudget() {
        Bench bench = new Bench(4, 40, 8);
        bench.add(0, generate(9, 1, 2, 3));
        nextStep(bench);
        bench.add(0, generate(9, prompt(20)));
        bench.add(0, generate(9, 4, 5));

        Step step = nextStep(bench);
        assertThat(lengths(step)).containsExactly(1, 5, 2);
        assertThat(step.chunks().get(1).sampling()).isNull();
        assertThat(lengths(nextStep(bench))).containsExactly(1, 1, 6);
        assertThat(lengths(nextStep(bench))).containsExactly(1, 1, 6);
        assertThat(lengths(nextStep(bench))).containsExactly(1, 1, 3);
        assertThat(lengths(nextStep(bench))).containsExactly(1, 1, 1);
    }

    @Test
    void upToFourPromptsShareTheBudgetEvenly() {
        Bench bench = new Bench(6, 40, 20);
        bench.add(
                0,
                generate(1, prompt(20)),
                generate(1, prompt(20)),
                generate(1, prompt(2)),
                generate(1, prompt(20)),
                generate(1, prompt(20)));
        assertThat(lengths(nextStep(bench))).containsExactly(6, 6, 2, 6);
        assertThat(lengths(nextStep(bench))).containsExactly(5, 5, 5, 5);
        bench.finish();
    }

    @Test
    void whatFourPromptsLeaveTheNextFourShareEvenly() {
        Bench bench = new Bench(8, 40, 24);
        bench.add(
                0, IntStream.range(0, 7).mapToObj(i -> generate(1, prompt(10))).toList());
        assertThat(lengths(nextStep(bench))).containsExactly(6, 6, 6, 6);
        assertThat(lengths(nextStep(bench))).containsExactly(4, 4, 4, 4, 3, 3, 2);
        bench.finish();
    }
}

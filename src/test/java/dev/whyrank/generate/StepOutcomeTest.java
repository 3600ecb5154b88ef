package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.whyrank.model.Step;
import dev.whyrank.model.StepResult;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the scheduler does with results, failures and misuse. */
class StepOutcomeTest {

    private static final StopRule NEVER = new StopRule(Set.of(), List.of());

    @Test
    void aRowThatIsNotANumberFailsItsSequenceAlone() {
        Bench bench = new Bench(2, 40, 8);
        bench.add(0, generate(2, 1), generate(2, 2));
        Step step = bench.scheduler.plan().step().orElseThrow();
        StepResult good = bench.model.run(step);
        float[][] labels = {{-1, Float.NaN, -1}, good.labelLogProbabilities()[1]};
        List<SequenceEvent> events = bench.scheduler.complete(new StepResult(good.tokens(), labels));
        assertThat(events).hasSize(2);
        assertThat(events.get(0))
                .isInstanceOfSatisfying(
                        SequenceEvent.Failed.class,
                        failed -> assertThat(failed.cause()).hasMessageContaining("position 0"));
        assertThat(events.get(1)).isInstanceOf(SequenceEvent.Token.class);
        assertThat(bench.scheduler.occupancy()).isEqualTo(new Occupancy(0, 1, 1, 1));
    }

    @Test
    void refusesAResultThatDoesNotFitTheStepAndChangesNothing() {
        Bench bench = new Bench(2, 40, 8);
        bench.add(0, generate(2, 1), generate(2, 2));
        Step step = bench.scheduler.plan().step().orElseThrow();
        float[][] rows = bench.model.run(step).labelLogProbabilities();
        refuses(bench, new StepResult(new int[] {1}, rows));
        refuses(bench, new StepResult(new int[] {1, 2}, new float[][] {rows[0]}));
        refuses(bench, new StepResult(new int[] {1, -1}, rows));
        refuses(bench, new StepResult(new int[] {1, Texts.VOCABULARY}, rows));
        assertThat(bench.scheduler.complete(new StepResult(new int[] {0, Texts.VOCABULARY - 1}, rows)))
                .hasSize(2);
    }

    private static void refuses(Bench bench, StepResult result) {
        assertThatIllegalArgumentException().isThrownBy(() -> bench.scheduler.complete(result));
    }

    @Test
    void takesOneStepAtATime() {
        Bench bench = new Bench(2, 40, 8);
        StepResult nothing = new StepResult(new int[0], new float[0][]);
        assertThatIllegalStateException().isThrownBy(() -> bench.scheduler.complete(nothing));
        bench.add(0, generate(2, 1));
        bench.scheduler.plan();
        assertThatIllegalStateException().isThrownBy(bench.scheduler::plan);
        assertThat(bench.scheduler.fail(new IllegalStateException("x"))).hasSize(1);
        assertThatIllegalStateException().isThrownBy(() -> bench.scheduler.fail(new IllegalStateException("x")));
        assertThatIllegalStateException().isThrownBy(() -> {
            bench.scheduler.add(5, List.of(generate(1, 1)), 0);
            bench.scheduler.add(5, List.of(generate(1, 1)), 0);
        });
    }

    private static SequenceRequest generate(int limit, int... prompt) {
        return new SequenceRequest(prompt, limit, new int[0], SamplingPolicy.GREEDY, NEVER, new Recording());
    }
}

package dev.whyrank.generate;

import static dev.whyrank.generate.Bench.generate;
import static dev.whyrank.generate.Bench.lengths;
import static dev.whyrank.generate.Bench.nextStep;
import static dev.whyrank.generate.Bench.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Step;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerTest {

    private static final StopRule NEVER = new StopRule(Set.of(), List.of());
    private static final int[] PREFIX = {10, 11, 12, 13};

    @Test
    void computesAPrefixOnceAndCopiesItBeforeWhatFollows() {
        Bench bench = new Bench(6, 40, 64);
        bench.add(4, sharing(21), sharing(22), sharing(23));
        Step first = nextStep(bench);
        assertThat(first.copies()).isEmpty();
        assertThat(first.chunks()).singleElement().satisfies(chunk -> {
            assertThat(chunk.slot()).isEqualTo(5);
            assertThat(chunk.tokens()).isEqualTo(PREFIX);
            assertThat(chunk.sampling()).isNull();
        });
        assertThat(bench.scheduler.occupancy()).isEqualTo(new Occupancy(0, 3, 4, 4));

        Step second = nextStep(bench);
        assertThat(second.copies())
                .containsExactly(
                        new Step.PrefixCopy(5, 0, 4), new Step.PrefixCopy(5, 1, 4), new Step.PrefixCopy(5, 2, 4));
        assertThat(second.chunks()).extracting(Step.Chunk::position).containsExactly(4, 4, 4);
        assertThat(bench.scheduler.occupancy()).isEqualTo(new Occupancy(0, 3, 15, 3));
        assertThat(bench.of(1, 0).cachedTokens).isZero();
        assertThat(bench.of(1, 1).cachedTokens).isEqualTo(4);
        bench.finish();
    }

    @Test
    void doesOtherWorkWhileAPrefixIsComputed() {
        Bench bench = new Bench(6, 40, 6);
        bench.add(20, generate(3, prompt(21)), generate(3, prompt(22)));
        bench.add(0, generate(2, 1));
        assertThat(lengths(nextStep(bench))).containsExactly(5, 1);
        assertThat(lengths(nextStep(bench))).containsExactly(1, 5);
        assertThat(lengths(nextStep(bench))).containsExactly(6);
        bench.finish();
    }

    @Test
    void leavesThePromptsLastTokenToItsOwnSlot() {
        Bench bench = new Bench(4, 40, 64);
        bench.add(4, generate(2, PREFIX), generate(2, PREFIX));
        assertThat(lengths(nextStep(bench))).containsExactly(3);
        assertThat(nextStep(bench).copies()).extracting(Step.PrefixCopy::length).containsExactly(3, 3);
        bench.finish();
        bench.recordings.keySet().forEach(bench::check);
    }

    @Test
    void sharesNothingWhenThereIsNothingOrNobodyToShareWith() {
        Bench bench = new Bench(6, 40, 64);
        bench.add(4, sharing(21));
        bench.add(1, generate(2, 1), generate(2, 1));
        bench.add(0, sharing(21), sharing(22));
        nextStep(bench);
        assertThat(bench.scheduler.occupancy().slots()).isEqualTo(5);
        bench.finish();
        assertThat(bench.steps).allSatisfy(step -> assertThat(step.copies()).isEmpty());
    }

    @Test
    void takesLowSlotsForDocumentsAndHighOnesForPrefixes() {
        Bench bench = new Bench(8, 40, 64);
        bench.add(4, sharing(21), sharing(22));
        bench.add(4, sharing(23), sharing(24));
        nextStep(bench);
        nextStep(bench);
        assertThat(bench.steps.get(0).chunks()).extracting(Step.Chunk::slot).containsExactly(7, 6);
        assertThat(bench.steps.get(1).chunks()).extracting(Step.Chunk::slot).containsExactly(0, 1, 2, 3);
        bench.scheduler.cancel(1, 0);
        bench.add(0, generate(2, 1));
        Step step = nextStep(bench);
        assertThat(step.chunks().get(3).slot()).isZero();
        bench.finish();
    }

    @Test
    void holdsPrefixesInAtMostHalfOfTheSlots() {
        Bench bench = new Bench(5, 40, 64);
        for (int i = 0; i < 3; i++) {
            bench.add(4, sharing(1), sharing(2), sharing(3), sharing(4));
        }
        nextStep(bench);
        assertThat(bench.grants).extracting(Bench.SequenceKey::request).containsExactly(1L, 2L, 1L);
        bench.finish();
        assertThat(bench.grants.subList(3, 12))
                .extracting(Bench.SequenceKey::request)
                .startsWith(2L)
                .endsWith(3L);
        bench.recordings.keySet().forEach(bench::check);
    }

    @Test
    void keepsAFreeSlotForTheRequestThatNeedsTwo() {
        Bench bench = new Bench(2, 40, 64);
        bench.add(0, generate(6, 1));
        bench.add(4, sharing(21), sharing(22));
        nextStep(bench);
        for (int i = 0; i < 6; i++) {
            bench.add(0, generate(2, 1));
            nextStep(bench);
        }
        assertThat(bench.grants.get(1).request()).isEqualTo(2);
        bench.finish();
    }

    @Test
    void passesOverARequestWhileAllPrefixSlotsAreHeld() {
        Bench bench = new Bench(3, 40, 64);
        bench.add(4, sharing(1), sharing(2), sharing(3), sharing(4));
        bench.add(4, sharing(5), sharing(6));
        bench.add(0, generate(3, 9));
        nextStep(bench);
        assertThat(bench.grants).extracting(Bench.SequenceKey::request).containsExactly(1L, 3L);
        bench.finish();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void neverLocksUpWithMoreSharingRequestsThanSlots(int slots) {
        Bench bench = new Bench(slots, 40, slots);
        for (int i = 0; i < 12; i++) {
            bench.add(4, sharing(i), sharing(i + 1), sharing(i + 2));
        }
        bench.finish();
        bench.recordings.keySet().forEach(bench::check);
        boolean copied = bench.steps.stream().anyMatch(step -> !step.copies().isEmpty());
        assertThat(copied).isEqualTo(slots > 1);
    }

    @Test
    void grantsSlotsRoundRobin() {
        Bench bench = new Bench(1, 40, 8);
        bench.add(0, generate(1, 1), generate(1, 2), generate(1, 3));
        bench.add(0, generate(1, 1), generate(1, 2));
        bench.add(0, generate(1, 1), generate(1, 2));
        bench.finish();
        assertThat(bench.grants).extracting(Bench.SequenceKey::request).containsExactly(1L, 2L, 3L, 1L, 2L, 3L, 1L);
    }

    @Test
    void bulkRequestsGetTheSlotsThatNoOtherCouldTake() {
        Bench bench = new Bench(1, 40, 8);
        bench.add(0, List.of(generate(1, 1), generate(1, 2), generate(1, 3)), Priority.BULK);
        bench.add(0, generate(1, 1), generate(1, 2));
        bench.add(0, List.of(generate(1, 1)), Priority.BULK);
        nextStep(bench);
        bench.add(0, generate(1, 1));
        bench.finish();
        assertThat(bench.grants).extracting(Bench.SequenceKey::request).containsExactly(2L, 2L, 4L, 1L, 3L, 1L, 1L);
    }

    @Test
    void bulkRequestsLeaveAPrefixSlotToThoseThatSomebodyWaitsFor() {
        Bench bench = new Bench(4, 40, 8);
        bench.add(4, List.of(sharing(1), sharing(2), sharing(3), sharing(4)), Priority.BULK);
        bench.add(4, List.of(sharing(1), sharing(2), sharing(3), sharing(4)), Priority.BULK);
        nextStep(bench);
        int before = bench.grants.size();
        bench.add(4, sharing(1), sharing(2), sharing(3));
        bench.finish();
        assertThat(bench.grants.subList(before, before + 3))
                .extracting(Bench.SequenceKey::request)
                .containsOnly(3L);
        bench.recordings.keySet().forEach(bench::check);
    }

    @Test
    void bulkRequestsShareNothingWhereOthersWouldHaveToWaitForIt() {
        Bench bench = new Bench(3, 40, 8);
        bench.add(4, List.of(sharing(1), sharing(2), sharing(3), sharing(4)), Priority.BULK);
        nextStep(bench);
        bench.add(4, sharing(1), sharing(2), sharing(3));
        bench.finish();
        assertThat(bench.of(1, 3).cachedTokens).isZero();
        assertThat(bench.of(2, 2).cachedTokens).isEqualTo(4);
        bench.recordings.keySet().forEach(bench::check);
    }

    @Test
    void releasesThePrefixWhenItsReadersAreCancelled() {
        Bench bench = new Bench(4, 40, 4);
        bench.add(8, generate(3, prompt(9)), generate(3, prompt(10)));
        nextStep(bench);
        assertThat(bench.scheduler.occupancy().slots()).isEqualTo(3);
        bench.scheduler.cancel(1, 0);
        nextStep(bench);
        assertThat(bench.scheduler.occupancy().slots()).isEqualTo(2);
        bench.scheduler.cancel(1);
        assertThat(bench.turn()).isNull();
        assertThat(bench.scheduler.occupancy()).isEqualTo(new Occupancy(0, 0, 0, 0));
        assertThat(bench.of(1, 1).reason).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void cancelsAWaitingSequenceWithoutStartingIt() {
        Bench bench = new Bench(1, 40, 4);
        bench.add(0, generate(3, 1), generate(3, 2), generate(3, 3));
        nextStep(bench);
        assertThat(bench.scheduler.occupancy()).isEqualTo(new Occupancy(2, 1, 1, 1));
        bench.scheduler.cancel(1, 1);
        nextStep(bench);
        assertThat(bench.of(1, 1).reason).isEqualTo(FinishReason.CANCELLED);
        assertThat(bench.of(1, 1).isStarted()).isFalse();
        assertThat(bench.scheduler.occupancy().waiting()).isEqualTo(1);
        bench.finish();
        assertThat(bench.of(1, 2).reason).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void concludesRunningSequencesWithTheirForcedTailAndCancelsWaitingOnes() {
        Bench bench = new Bench(2, 40, 8);
        SequenceRequest tail =
                new SequenceRequest(new int[] {1}, 20, new int[] {7, 8}, SamplingPolicy.GREEDY, NEVER, new Recording());
        SequenceRequest prompt =
                new SequenceRequest(prompt(20), 9, new int[] {9}, SamplingPolicy.GREEDY, NEVER, new Recording());
        bench.add(0, tail, prompt, generate(3, 1));
        nextStep(bench);
        bench.add(0, generate(3, 1));
        nextStep(bench);
        bench.scheduler.conclude(1);
        assertThat(lengths(nextStep(bench))).containsExactly(3, 5);
        assertThat(bench.of(1, 0).reason).isEqualTo(FinishReason.CONCLUDED);
        assertThat(bench.of(1, 0).finalLabels).hasSize(3);
        assertThat(bench.of(1, 2).reason).isEqualTo(FinishReason.CANCELLED);
        bench.finish();
        assertThat(bench.of(1, 1).reason).isEqualTo(FinishReason.CONCLUDED);
        assertThat(bench.of(1, 1).tokens).isEmpty();
        assertThat(bench.of(2, 0).reason).isEqualTo(FinishReason.LENGTH);
        bench.recordings.keySet().forEach(bench::check);
    }

    @Test
    void readsTheLabelsAtThePromptsEndWhenNothingIsGenerated() {
        Bench bench = new Bench(2, 40, 8);
        bench.add(0, generate(0, 1, 2), generate(1, 1, 2));
        bench.scheduler.conclude(99);
        bench.scheduler.cancel(99);
        nextStep(bench);
        assertThat(bench.of(1, 0).finalLabels).isEqualTo(bench.model.expectedLabels(new int[] {1, 2}));
        assertThat(bench.of(1, 1).finalLabels).isEmpty();
        assertThat(bench.of(1, 1).reason).isEqualTo(FinishReason.LENGTH);
        bench.finish();
    }

    @Test
    void aFailedPrefixEndsThoseThatWaitForItAndIsComputedAnewForTheRest() {
        Bench bench = new Bench(4, 40, 64);
        bench.add(4, sharing(1), sharing(2), sharing(3), sharing(4), sharing(5));
        bench.model.beforeStep(step -> {
            throw new IllegalStateException("once");
        });
        nextStep(bench);
        bench.model.beforeStep(step -> {});
        assertThat(bench.scheduler.occupancy()).isEqualTo(new Occupancy(2, 0, 0, 0));
        bench.finish();
        assertThat(IntStream.range(0, 5).filter(i -> bench.of(1, i).failure != null))
                .containsExactly(0, 1, 2);
        bench.recordings.keySet().forEach(bench::check);
    }

    @Test
    void forgetsARequestThatHasEndedSoThatItsIdIsFree() {
        Bench bench = new Bench(2, 40, 8);
        List<SequenceRequest> two = List.of(generate(2, 1), generate(2, 2));
        for (int round = 0; round < 3; round++) {
            bench.scheduler.add(7, two, 0);
            bench.scheduler.plan();
            bench.scheduler.fail(new IllegalStateException("x"));
            bench.scheduler.add(7, two, 0);
            bench.scheduler.cancel(7);
            assertThat(bench.scheduler.plan().step()).isEmpty();
        }
        bench.scheduler.add(7, two, 0);
        assertThat(bench.scheduler.plan().step()).isPresent();
    }

    @Test
    void needsABudgetOfOneTokenForEachSlot() {
        SequenceLimits limits = new SequenceLimits(9, 8, 7);
        assertThat(new Scheduler(limits, 9, Texts.BYTES).occupancy()).isEqualTo(new Occupancy(0, 0, 0, 0));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new Scheduler(limits, 8, Texts.BYTES))
                .withMessageContaining("whyrank.engine.token-budget is 8");
    }

    private static SequenceRequest sharing(int last) {
        return generate(3, PREFIX[0], PREFIX[1], PREFIX[2], PREFIX[3], last);
    }
}

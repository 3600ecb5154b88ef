package dev.whyrank.train.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.model.torch.TrainingBatch;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {

    private static final Example SHORT = new Example(new int[] {1, 2}, new int[] {3, 4}, 1, 1);
    private static final Example LONG = new Example(new int[] {5, 6, 7}, new int[] {8, 9, 10, 11}, 0.5, -1);

    @Test
    void asksForAnswersAndNeverForPrompts() {
        TrainingBatch batch = Batches.of(List.of(SHORT, LONG), 2);
        assertThat(batch.tokens()).isDeepEqualTo(new int[][] {{1, 2, 3}, {5, 6, 7, 8, 9, 10}});
        assertThat(batch.targets()).containsExactly(3, 4, 8, 9, 10, 11);
        assertThat(batch.rows()).containsExactly(1, 2, 8, 9, 10, 11);
    }

    @Test
    void weighsEachAnswerByTheMeanOverItsTokens() {
        float[] weights = Batches.of(List.of(SHORT, LONG), 4).weights();
        assertThat(weights[0]).isCloseTo(1f / 2 / 4, within(1e-7f));
        assertThat(weights[2]).isCloseTo(0.5f / 4 / 4, within(1e-7f));
    }

    @Test
    void findsTheRowOfEachLabel() {
        assertThat(Batches.labelRows(List.of(LONG, SHORT))).containsExactly(-1, 5);
    }

    @Test
    void everyEpochHasEveryExampleOnceInAnotherOrder() {
        int[] lengths = IntStream.range(0, 333).map(i -> 10 + i * 7 % 50).toArray();
        BatchOrder order = new BatchOrder(lengths, 4, 3);
        int[] first = epoch(order, 0);
        int[] second = epoch(order, 1);
        assertThat(first).hasSize(333).isNotEqualTo(second);
        assertThat(IntStream.of(first).sorted().toArray())
                .isEqualTo(IntStream.range(0, 333).toArray());
        assertThat(IntStream.of(second).sorted().toArray())
                .isEqualTo(IntStream.range(0, 333).toArray());
    }

    @Test
    void batchesAreOfAboutEqualLengths() {
        int[] lengths = IntStream.range(0, 400).map(i -> 10 + i * 7 % 50).toArray();
        BatchOrder order = new BatchOrder(lengths, 4, 3);
        for (int number = 0; number < order.batchesPerEpoch(); number++) {
            int[] batch = order.batch(number);
            int shortest = IntStream.of(batch).map(i -> lengths[i]).min().orElseThrow();
            int longest = IntStream.of(batch).map(i -> lengths[i]).max().orElseThrow();
            assertThat(longest - shortest).isLessThan(10);
        }
    }

    /** A batch that is asked for out of turn is the one that would have come in turn. */
    @Test
    void aBatchHasNoHistory() {
        int[] lengths = IntStream.range(0, 100).toArray();
        BatchOrder inTurn = new BatchOrder(lengths, 8, 9);
        epoch(inTurn, 0);
        assertThat(new BatchOrder(lengths, 8, 9).batch(15)).isEqualTo(inTurn.batch(15));
    }

    private static int[] epoch(BatchOrder order, int epoch) {
        return IntStream.range(0, order.batchesPerEpoch())
                .flatMap(i -> IntStream.of(order.batch((long) epoch * order.batchesPerEpoch() + i)))
                .toArray();
    }

    @Test
    void theRateRisesStaysAndFalls() {
        LearningRate constant = new LearningRate(1, 0.1, false);
        assertThat(constant.at(1, 100)).isCloseTo(0.1, within(1e-9));
        assertThat(constant.at(10, 100)).isEqualTo(1);
        assertThat(constant.at(100, 100)).isEqualTo(1);
        assertThat(new LearningRate(1, 0.1, true).at(100, 100)).isCloseTo(0.1, within(1e-9));
    }
}

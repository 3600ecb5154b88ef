package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignificanceTest {

    private static final long SEED = 11;

    @Test
    void randomisationComesCloseToAllAssignmentsCounted() {
        Random random = new Random(SEED);
        double[] before = random.doubles(10).toArray();
        double[] after = Arrays.stream(before)
                .map(value -> value + 0.3 * random.nextDouble() - 0.1)
                .toArray();
        double observed = 0;
        for (int i = 0; i < before.length; i++) {
            observed += after[i] - before[i];
        }
        int extreme = 0;
        for (int signs = 0; signs < 1 << before.length; signs++) {
            double sum = 0;
            for (int i = 0; i < before.length; i++) {
                sum += (after[i] - before[i]) * ((signs >> i & 1) == 0 ? 1 : -1);
            }
            extreme += Math.abs(sum) >= Math.abs(observed) - 1e-12 ? 1 : 0;
        }
        double exact = extreme / (double) (1 << before.length);
        assertThat(Significance.of(before, after, SEED).p()).as("seed %d", SEED).isCloseTo(exact, within(0.02));
    }

    @Test
    void equalSystemsDoNotDiffer() {
        double[] values = {0.1, 0.5, 0.9};
        assertThat(Significance.of(values, values, SEED)).isEqualTo(new Significance(0, 0, 0, 1, 0, 0));
    }

    @Test
    void clearGainIsSignificantAndItsIntervalExcludesZero() {
        double[] before = new Random(SEED).doubles(50).toArray();
        double[] after = Arrays.stream(before)
                .map(value -> value + 0.1 + 0.01 * Math.sin(value * 100))
                .toArray();
        Significance gain = Significance.of(before, after, SEED);
        assertThat(gain.p()).isLessThan(0.001);
        assertThat(gain.low()).isPositive().isLessThan(gain.difference());
        assertThat(gain.high()).isGreaterThan(gain.difference());
        assertThat(gain.better()).isEqualTo(50);
    }

    @Test
    void sameSeedGivesTheSameNumbers() {
        double[] before = new Random(SEED).doubles(30).toArray();
        double[] after = new Random(SEED + 1).doubles(30).toArray();
        assertThat(Significance.of(before, after, 3)).isEqualTo(Significance.of(before, after, 3));
        assertThat(Significance.of(before, after, 4)).isNotEqualTo(Significance.of(before, after, 3));
    }
}

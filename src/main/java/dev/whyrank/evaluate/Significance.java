package dev.whyrank.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Whether a mean difference over queries is more than chance.
 *
 * @param difference the mean difference
 * @param low lower end of the 95% interval, by resampling queries
 * @param high upper end
 * @param p probability, if the two systems were exchangeable, of a difference at least as large in either direction
 * @param better queries on which the second system is better
 * @param worse queries on which it is worse
 */
record Significance(double difference, double low, double high, double p, int better, int worse) {

    private static final int ROUNDS = 10_000;
    /** Sums of the same terms in another order differ by rounding; they must still count as equal. */
    private static final double ROUNDING = 1e-12;

    /** Compares values of the same queries, in the same order. The same seed gives the same numbers. */
    static Significance of(double[] baseline, double[] system, long seed) {
        if (baseline.length != system.length) {
            throw new IllegalArgumentException(baseline.length + " and " + system.length + " queries");
        }
        double[] differences = new double[baseline.length];
        Arrays.setAll(differences, i -> system[i] - baseline[i]);
        double mean = Arrays.stream(differences).average().orElse(0);
        double[] resampled = resampledMeans(differences, new SplittableRandom(seed));
        return new Significance(
                mean,
                resampled[(int) Math.round(0.025 * (ROUNDS - 1))],
                resampled[(int) Math.round(0.975 * (ROUNDS - 1))],
                randomised(differences, new SplittableRandom(seed)),
                (int) Arrays.stream(differences).filter(d -> d > 0).count(),
                (int) Arrays.stream(differences).filter(d -> d < 0).count());
    }

    private static double[] resampledMeans(double[] differences, SplittableRandom random) {
        double[] means = new double[ROUNDS];
        int n = differences.length;
        for (int round = 0; round < ROUNDS && n > 0; round++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += differences[random.nextInt(n)];
            }
            means[round] = sum / n;
        }
        Arrays.sort(means);
        return means;
    }

    /** Swaps the two systems at random query by query; the observed assignment counts as one of the rounds. */
    private static double randomised(double[] differences, SplittableRandom random) {
        double observed = Math.abs(Arrays.stream(differences).sum());
        int extreme = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double sum = 0;
            for (double difference : differences) {
                sum += random.nextBoolean() ? difference : -difference;
            }
            extreme += Math.abs(sum) >= observed - ROUNDING ? 1 : 0;
        }
        return (extreme + 1.0) / (ROUNDS + 1.0);
    }
}

package dev.whyrank.train.laboratory;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A mean with its 95% interval, by resampling the values.
 *
 * @param mean of all values
 * @param low lower end
 * @param high upper end
 */
record Interval(double mean, double low, double high) {

    private static final int ROUNDS = 4000;

    /** The same values give the same interval. */
    static Interval of(double[] values) {
        SplittableRandom random = new SplittableRandom(1);
        double[] means = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[round] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(
                Arrays.stream(values).average().orElseThrow(),
                means[(int) Math.round(0.025 * (ROUNDS - 1))],
                means[(int) Math.round(0.975 * (ROUNDS - 1))]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", mean, low, high);
    }

    /** With a sign, as a difference. */
    String signed() {
        return String.format(Locale.ROOT, "%+.3f [%+.3f, %+.3f]", mean, low, high);
    }
}

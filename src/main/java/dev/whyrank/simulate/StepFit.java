package dev.whyrank.simulate;

import dev.whyrank.model.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A step's cost as fitted to measured steps, and how well it fits them.
 *
 * @param cost one linear function
 * @param steps how many different steps were measured
 * @param rSquared share of the variance of the times that the fit explains
 * @param medianError the median step's relative error
 * @param worstError the relative error that 95 of 100 steps stay below
 */
public record StepFit(StepCost cost, int steps, double rSquared, double medianError, double worstError) {

    /**
     * A step and its time.
     *
     * @param work of the step
     * @param millis that it took
     */
    public record Timed(StepWork work, double millis) {}

    /**
     * Fits. Errors count relative to a step's time, since a small step's error matters as often as a large one's.
     *
     * @throws InvalidInputException if there are fewer steps than coefficients
     */
    public static StepFit of(String name, List<String> source, List<Timed> steps) {
        double[][] rows = steps.stream()
                .map(step -> scaled(columns(step.work()), 1 / step.millis()))
                .toArray(double[][]::new);
        if (rows.length <= columns(new StepWork(0, 0, 0, 0, 0)).length) {
            throw new InvalidInputException("a fit needs more than " + rows.length + " measured steps");
        }
        double[] ones = new double[rows.length];
        Arrays.fill(ones, 1);
        StepCost cost = StepCost.linear(name, source, LeastSquares.nonNegative(rows, ones));
        double[] errors = steps.stream()
                .mapToDouble(step -> Math.abs(cost.millis(step.work()) / step.millis() - 1))
                .sorted()
                .toArray();
        return new StepFit(
                cost,
                steps.size(),
                rSquared(cost, steps),
                errors[errors.length / 2],
                errors[(int) Math.ceil(0.95 * errors.length) - 1]);
    }

    private static double[] columns(StepWork work) {
        return new double[] {
            1,
            work.prefillTokens(),
            work.decodeSequences(),
            work.decodeContext(),
            work.prefillContext(),
            work.copiedTokens()
        };
    }

    private static double[] scaled(double[] row, double factor) {
        return IntStream.range(0, row.length).mapToDouble(i -> row[i] * factor).toArray();
    }

    private static double rSquared(StepCost cost, List<Timed> steps) {
        double mean = steps.stream().mapToDouble(Timed::millis).average().orElseThrow();
        double all = 0;
        double left = 0;
        for (Timed step : steps) {
            all += Math.pow(step.millis() - mean, 2);
            left += Math.pow(step.millis() - cost.millis(step.work()), 2);
        }
        return 1 - left / all;
    }
}

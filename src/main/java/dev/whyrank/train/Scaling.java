package dev.whyrank.train;

import java.util.Arrays;

/**
 * Brings inputs to mean 0 and comparable size.
 *
 * @param mean of each input
 * @param spread that each is divided by
 */
record Scaling(double[] mean, double[] spread) {

    /** The first {@code own} inputs have a spread of their own; the others share their mean one. */
    static Scaling of(double[][] rows, int own) {
        int size = rows[0].length;
        double[] mean = new double[size];
        double[] spread = new double[size];
        for (int i = 0; i < size; i++) {
            int column = i;
            double average = Arrays.stream(rows)
                    .mapToDouble(row -> row[column])
                    .average()
                    .orElse(0);
            mean[i] = average;
            spread[i] = Math.sqrt(Arrays.stream(rows)
                            .mapToDouble(row -> (row[column] - average) * (row[column] - average))
                            .average()
                            .orElse(0))
                    + 1e-9;
        }
        double shared = Arrays.stream(spread, own, size).average().orElse(1);
        Arrays.fill(spread, own, size, shared);
        return new Scaling(mean, spread);
    }

    double[] apply(double[] row) {
        double[] scaled = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            scaled[i] = (row[i] - mean[i]) / spread[i];
        }
        return scaled;
    }
}

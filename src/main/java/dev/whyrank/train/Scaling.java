package dev.whyrank.train;

import java.util.Arrays;

/**
 * Brings inputs to mean 0 and deviation 1.
 *
 * @param mean of each input
 * @param spread that each is divided by
 */
record Scaling(double[] mean, double[] spread) {

    static Scaling of(double[][] rows) {
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

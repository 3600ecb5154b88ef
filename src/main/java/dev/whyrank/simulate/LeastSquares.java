package dev.whyrank.simulate;

import java.util.stream.IntStream;

/**
 * Linear regression with coefficients that are not negative. Such a solution is the plain solution on some of the
 * columns, and with a handful of columns all choices can be tried: nothing has to converge.
 */
final class LeastSquares {

    private static final double SINGULAR = 1e-12;

    private LeastSquares() {}

    /**
     * The coefficients, none negative, with the least sum of squared errors.
     *
     * @param rows inputs, each of the same few numbers
     * @param targets what each row should give
     */
    static double[] nonNegative(double[][] rows, double[] targets) {
        int columns = rows[0].length;
        double[][] products = new double[columns][columns + 1];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < columns; i++) {
                for (int j = 0; j < columns; j++) {
                    products[i][j] += rows[row][i] * rows[row][j];
                }
                products[i][columns] += rows[row][i] * targets[row];
            }
        }
        double[] best = new double[columns];
        double least = error(rows, targets, best);
        for (int choice = 1; choice < 1 << columns; choice++) {
            double[] tried = solve(products, choice);
            double error = error(rows, targets, tried);
            if (allowed(tried) && error < least) {
                least = error;
                best = tried;
            }
        }
        return best;
    }

    private static boolean allowed(double[] coefficients) {
        for (double coefficient : coefficients) {
            if (!(coefficient >= 0)) {
                return false;
            }
        }
        return true;
    }

    private static double error(double[][] rows, double[] targets, double[] coefficients) {
        double sum = 0;
        for (int row = 0; row < rows.length; row++) {
            double off = targets[row];
            for (int i = 0; i < coefficients.length; i++) {
                off -= coefficients[i] * rows[row][i];
            }
            sum += off * off;
        }
        return sum;
    }

    /** Gauss and Jordan on the chosen columns, scaled to a diagonal of 1; NaN where they do not tell each other apart. */
    private static double[] solve(double[][] products, int choice) {
        int columns = products.length;
        int[] chosen = IntStream.range(0, columns)
                .filter(i -> (choice & (1 << i)) != 0)
                .toArray();
        int size = chosen.length;
        double[][] system = new double[size][size + 1];
        for (int i = 0; i < size; i++) {
            double scale = Math.sqrt(products[chosen[i]][chosen[i]]);
            for (int j = 0; j < size; j++) {
                system[i][j] = products[chosen[i]][chosen[j]] / scale / Math.sqrt(products[chosen[j]][chosen[j]]);
            }
            system[i][size] = products[chosen[i]][columns] / scale;
        }
        for (int pivot = 0; pivot < size; pivot++) {
            // The matrix is positive definite, so its diagonal needs no exchange of rows.
            if (!(system[pivot][pivot] > SINGULAR)) {
                system[pivot][pivot] = Double.NaN;
            }
            eliminate(system, pivot);
        }
        double[] solution = new double[columns];
        for (int i = 0; i < size; i++) {
            solution[chosen[i]] = system[i][size] / Math.sqrt(products[chosen[i]][chosen[i]]);
        }
        return solution;
    }

    private static void eliminate(double[][] system, int pivot) {
        double head = system[pivot][pivot];
        for (int j = pivot; j < system[pivot].length; j++) {
            system[pivot][j] /= head;
        }
        for (int i = 0; i < system.length; i++) {
            double factor = system[i][pivot];
            if (i != pivot && factor != 0) {
                for (int j = pivot; j < system[i].length; j++) {
                    system[i][j] -= factor * system[pivot][j];
                }
            }
        }
    }
}

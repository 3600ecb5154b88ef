package dev.whyrank.model;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** Matrices as arrays of rows and the few operations on them that a transformer needs, in float64 plain loops. */
final class PlainTensors {

    private final Weights weights;
    private final Map<String, float[][]> cache = new HashMap<>();

    PlainTensors(Weights weights) {
        this.weights = weights;
    }

    /** All rows of a tensor, kept for later calls. */
    float[][] matrix(String name) {
        return cache.computeIfAbsent(name, key -> read(key, 0, Math.toIntExact(weights.shape(key)[0])));
    }

    /** One row of a tensor that may be too large to keep. */
    double[] row(String name, int index) {
        return widen(read(name, index, index + 1)[0]);
    }

    double[] vector(String name) {
        float[][] rows = matrix(name);
        double[] vector = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            vector[i] = rows[i][0];
        }
        return vector;
    }

    /** W x for a weight of shape [out, in], plus the bias of the same layer if it has one. */
    double[] linear(String layer, double[] x) {
        double[] y = times(layer + ".weight", x);
        return weights.contains(layer + ".bias") ? add(y, vector(layer + ".bias")) : y;
    }

    double[] times(String name, double[] x) {
        float[][] rows = matrix(name);
        double[] y = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != x.length) {
                throw new IllegalArgumentException(name + " takes " + rows[i].length + " inputs, not " + x.length);
            }
            y[i] = dot(rows[i], x);
        }
        return y;
    }

    /** Four sums side by side, because one would wait for itself: the tests spend their time here. */
    private static double dot(float[] a, double[] b) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int even = b.length / 4 * 4;
        for (int i = 0; i < even; i += 4) {
            first += a[i] * b[i];
            second += a[i + 1] * b[i + 1];
            third += a[i + 2] * b[i + 2];
            fourth += a[i + 3] * b[i + 3];
        }
        for (int i = even; i < b.length; i++) {
            first += a[i] * b[i];
        }
        return first + second + third + fourth;
    }

    static double[] add(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    static double dot(double[] a, int aFrom, double[] b, int bFrom, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += a[aFrom + i] * b[bFrom + i];
        }
        return sum;
    }

    static double[] softmax(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            max = Math.max(max, value);
        }
        double[] y = new double[x.length];
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.exp(x[i] - max);
            sum += y[i];
        }
        for (int i = 0; i < x.length; i++) {
            y[i] /= sum;
        }
        return y;
    }

    private float[][] read(String name, int from, int to) {
        FloatBuffer buffer = weights.rows(name, from, to);
        float[][] rows = new float[to - from][buffer.remaining() / (to - from)];
        for (float[] row : rows) {
            buffer.get(row);
        }
        return rows;
    }

    private static double[] widen(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }
}

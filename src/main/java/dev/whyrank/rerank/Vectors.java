package dev.whyrank.rerank;

import java.util.List;

/** Arithmetic on vectors of length one. */
final class Vectors {

    private Vectors() {}

    /** The scalar product; of vectors of length one, the cosine. */
    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** The place of the vector with the highest cosine, the first among equals. */
    static int closest(float[] to, List<float[]> vectors) {
        int best = 0;
        for (int i = 1; i < vectors.size(); i++) {
            best = dot(to, vectors.get(i)) > dot(to, vectors.get(best)) ? i : best;
        }
        return best;
    }

    /**
     * How close a text comes: half the cosine of its closest window, so that one passage can carry a long text, and half
     * that of all its windows together, so that more windows are not more chances.
     */
    static double closeness(float[] to, List<float[]> vectors, List<int[]> windows) {
        double closest = dot(to, vectors.get(closest(to, vectors)));
        return (closest + dot(to, mean(vectors, windows))) / 2;
    }

    /** The direction of all windows together, each as heavy as it is long. */
    static float[] mean(List<float[]> vectors, List<int[]> windows) {
        if (vectors.size() == 1) {
            return vectors.get(0);
        }
        float[] mean = new float[vectors.get(0).length];
        for (int window = 0; window < windows.size(); window++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += vectors.get(window)[i] * windows.get(window).length;
            }
        }
        // Windows that cancel each other out are close to nothing at all.
        double square = dot(mean, mean);
        float length = square > 0 ? (float) Math.sqrt(square) : 1;
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= length;
        }
        return mean;
    }
}

package dev.whyrank.train;

/** What labels given are worth, beside the ones known: higher is better. How to measure that is the caller's. */
@FunctionalInterface
public interface LabelWorth {

    /** The worth of these counts: rows are known labels, columns given ones, both 0 to 2. */
    double of(int[][] counts);
}

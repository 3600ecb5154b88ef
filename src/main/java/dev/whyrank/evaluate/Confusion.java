package dev.whyrank.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How often which label was given where which one was right.
 *
 * @param counts rows are right labels, columns given ones
 */
public record Confusion(int[][] counts) {

    int total() {
        return Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
    }

    /** The share of labels that are right. */
    public double accuracy() {
        int right = IntStream.range(0, counts.length).map(i -> counts[i][i]).sum();
        int total = total();
        return total == 0 ? 0 : (double) right / total;
    }

    /** The mean of the labels' F1, over those that were right or given at all. */
    public double macroF1() {
        return IntStream.range(0, counts.length)
                .filter(label -> right(label) + given(label) > 0)
                .mapToDouble(label -> 2.0 * counts[label][label] / (right(label) + given(label)))
                .average()
                .orElse(0);
    }

    private int right(int label) {
        return IntStream.of(counts[label]).sum();
    }

    private int given(int label) {
        return Arrays.stream(counts).mapToInt(row -> row[label]).sum();
    }
}

package dev.whyrank.rerank;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The labels a model may give, from worst to best, and how it spells them.
 *
 * @param values ascending, the highest above 0
 * @param names the spelling of each value, such as {@code "2"} or {@code "yes"}
 */
public record LabelSet(List<Integer> values, List<String> names) {

    /** 0 irrelevant, 1 partially relevant, 2 relevant. */
    public static final LabelSet GRADED = numbers(0, 2);

    public LabelSet {
        if (values.isEmpty() || values.size() != names.size()) {
            throw new IllegalArgumentException("labels need one name each: " + values + ", " + names);
        }
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i - 1) >= values.get(i)) {
                throw new IllegalArgumentException("labels must ascend: " + values);
            }
        }
        if (values.get(0) < 0 || values.get(values.size() - 1) < 1) {
            throw new IllegalArgumentException("labels must not be negative, the highest at least 1: " + values);
        }
        values = List.copyOf(values);
        names = List.copyOf(names);
    }

    /** Every whole number from {@code lowest} to {@code highest}, spelled in digits. */
    public static LabelSet numbers(int lowest, int highest) {
        List<Integer> values = IntStream.rangeClosed(lowest, highest).boxed().toList();
        return new LabelSet(values, values.stream().map(String::valueOf).toList());
    }

    /** 0 for {@code no}, 1 for {@code yes}. */
    public static LabelSet binary(String no, String yes) {
        return new LabelSet(List.of(0, 1), List.of(no, yes));
    }

    /** Number of labels. */
    public int size() {
        return values.size();
    }

    /** The place of the label that is spelled like this, or -1. */
    int indexOfName(String name) {
        return names.indexOf(name);
    }

    /** The highest value. */
    int highest() {
        return values.get(values.size() - 1);
    }
}

package dev.whyrank.model.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Parts of a call's work, one a lane, in the making.
 *
 * @param <T> what is shared out; an item stays whole
 */
final class Shares<T> {

    /** If one part holds more than this many times its even share, one call with all threads is as fast. */
    private static final double MOST_UNEVEN = 1.3;

    private final List<List<T>> parts = new ArrayList<>();
    private final int[] sizes;

    Shares(int lanes) {
        sizes = new int[lanes];
        IntStream.range(0, lanes).forEach(lane -> parts.add(new ArrayList<>()));
    }

    /** Gives an item to a lane. */
    void add(int lane, T item, int size) {
        parts.get(lane).add(item);
        sizes[lane] += size;
    }

    /** Gives an item to the lane that has least. Parts balance best when large items come first. */
    void add(T item, int size) {
        int least = 0;
        for (int lane = 1; lane < sizes.length; lane++) {
            if (sizes[lane] < sizes[least]) {
                least = lane;
            }
        }
        add(least, item, size);
    }

    /** Whether computing the parts side by side is worth it. */
    boolean even() {
        double even = (double) Arrays.stream(sizes).sum() / sizes.length;
        return Arrays.stream(sizes).max().orElse(0) <= MOST_UNEVEN * even;
    }

    /** The parts that hold something. */
    List<List<T>> parts() {
        return parts.stream().filter(part -> !part.isEmpty()).toList();
    }
}

package dev.whyrank.train.tuning;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which examples make up which batch: in random order, but batches of about equal lengths, so that little is filled up.
 * Pure: a batch is a function of its number, the seed and the lengths.
 */
final class BatchOrder {

    /** Batches among which examples are sorted by length; more fills up less and mixes less. */
    private static final int GROUP = 50;

    private final int[] lengths;
    private final int size;
    private final long seed;
    private int epoch = -1;
    private int[][] batches = {};

    /**
     * An order of examples.
     *
     * @param lengths tokens of each example
     * @param size examples of a batch; the last batch of an epoch may have fewer
     */
    BatchOrder(int[] lengths, int size, long seed) {
        this.lengths = lengths.clone();
        this.size = size;
        this.seed = seed;
    }

    int batchesPerEpoch() {
        return (lengths.length + size - 1) / size;
    }

    /** The examples of a batch, counted from 0 through all epochs. */
    int[] batch(long number) {
        int wanted = Math.toIntExact(number / batchesPerEpoch());
        if (wanted != epoch) {
            batches = epoch(wanted);
            epoch = wanted;
        }
        return batches[Math.toIntExact(number % batchesPerEpoch())].clone();
    }

    private int[][] epoch(int wanted) {
        SplittableRandom random = Chance.at(seed, wanted);
        int[] order = shuffled(IntStream.range(0, lengths.length).toArray(), random);
        int[][] cut = new int[batchesPerEpoch()][];
        for (int from = 0; from < order.length; from += GROUP * size) {
            int[] group = Arrays.stream(order, from, Math.min(order.length, from + GROUP * size))
                    .boxed()
                    .sorted(Comparator.comparingInt(i -> lengths[i]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int at = 0; at < group.length; at += size) {
                cut[(from + at) / size] = Arrays.copyOfRange(group, at, Math.min(group.length, at + size));
            }
        }
        int[] places = shuffled(IntStream.range(0, cut.length).toArray(), random);
        return Arrays.stream(places).mapToObj(place -> cut[place]).toArray(int[][]::new);
    }

    private static int[] shuffled(int[] items, SplittableRandom random) {
        for (int i = items.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int item = items[i];
            items[i] = items[other];
            items[other] = item;
        }
        return items;
    }
}

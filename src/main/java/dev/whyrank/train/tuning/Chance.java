package dev.whyrank.train.tuning;

import java.util.SplittableRandom;

/** Random numbers without a history: each stream is named by a seed and a number, such as a step's. */
public final class Chance {

    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    private Chance() {}

    /** A hash of both. */
    public static long seed(long seed, long number) {
        return new SplittableRandom(seed * STRIDE + number).nextLong();
    }

    /** A stream of its own. */
    public static SplittableRandom at(long seed, long number) {
        return new SplittableRandom(seed(seed, number));
    }
}

package dev.whyrank.observe;

import java.time.Duration;
import java.util.stream.LongStream;

/** The upper bounds of all histograms: fixed, so that replicas can be summed and dashboards keep their meaning. */
final class Buckets {

    /** A whole request, or its wait: from a label of an idle small model to a long queue. */
    private static final long[] REQUEST_MILLIS = {
        5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000
    };

    /** A step of the model: from a GPU's decode step to a CPU's long prefill. */
    private static final long[] STEP_MICROS = {
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        20_000,
        40_000,
        80_000,
        160_000,
        320_000,
        640_000,
        1_280_000,
        2_560_000,
        5_120_000,
        10_240_000
    };

    private Buckets() {}

    static Duration[] ofRequests() {
        return LongStream.of(REQUEST_MILLIS).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    static Duration[] ofSteps() {
        return LongStream.of(STEP_MICROS)
                .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
                .toArray(Duration[]::new);
    }

    /** Powers of two from 1. */
    static double[] powers(int highestExponent) {
        double[] bounds = new double[highestExponent + 1];
        for (int exponent = 0; exponent <= highestExponent; exponent++) {
            bounds[exponent] = 1L << exponent;
        }
        return bounds;
    }
}

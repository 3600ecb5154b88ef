package dev.whyrank.simulate;

import dev.whyrank.model.InvalidInputException;
import java.util.SplittableRandom;

/**
 * The requests of a simulation.
 *
 * @param arrivals when they come
 * @param rate requests a second, except in a closed loop
 * @param requests how many come in all
 * @param documents of each request
 * @param question tokens that a request's prompts share: instruction and question
 * @param document tokens of each document, with what stands around it in its prompt
 * @param explanation tokens that are written for each document, its label included
 * @param explanationLimit most tokens that may be written; admission counts with it
 * @param bulkShare share of the requests that go by the bulk lane
 * @param deadlineSeconds after which documents are ended as they are; infinite for none
 * @param seed of all chance
 */
public record Traffic(
        Arrivals arrivals,
        double rate,
        int requests,
        Size documents,
        Size question,
        Size document,
        Size explanation,
        int explanationLimit,
        double bulkShare,
        double deadlineSeconds,
        long seed) {

    public Traffic {
        require(requests >= 1, "there must be 1 request or more");
        require(
                arrivals.kind() == Arrivals.Kind.CLOSED || (rate > 0 && Double.isFinite(rate)),
                "the rate must be above 0");
        require(bulkShare >= 0 && bulkShare <= 1, "the share of bulk requests must be between 0 and 1");
        require(deadlineSeconds > 0, "the deadline must be above 0 seconds");
        require(explanationLimit >= 1, "the limit of an explanation must be 1 token or more");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new InvalidInputException(message);
        }
    }

    /** When each request comes, in nanoseconds; empty in a closed loop. */
    long[] schedule() {
        if (arrivals.kind() == Arrivals.Kind.CLOSED) {
            return new long[0];
        }
        SplittableRandom gaps = new SplittableRandom(seed);
        long[] times = new long[requests];
        long time = 0;
        for (int number = 0; number < requests; number++) {
            time += arrivals.gap(number, rate, gaps);
            times[number] = time;
        }
        return times;
    }

    /** Positions of a slot that every document fits in. */
    int slotLength(int forced) {
        return question.high() + document.high() + explanationLimit + forced;
    }

    /** The chance of request {@code number}, whatever happened before it. */
    SplittableRandom chance(int number) {
        return new SplittableRandom(new SplittableRandom(seed + 0x9E3779B97F4A7C15L * number).nextLong());
    }
}

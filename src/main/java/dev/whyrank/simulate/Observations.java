package dev.whyrank.simulate;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.SequenceEvent;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Counts what happens in a simulation, and makes figures of it. Times are nanoseconds. */
final class Observations {

    private static final double NANOS = 1e9;

    private final int expected;
    private final int warmUp;
    private final LongSupplier busy;
    private final double[] latencies;
    private final double[] firstTokens;
    private int latencyCount;
    private int firstTokenCount;
    private int arrived;
    private int refused;
    private long finished;
    private long cut;
    private long expired;
    private long failed;
    private long repeated;
    private long requestsEnded;
    private long steps;
    private long rows;
    private int inSystem;
    private double inSystemArea;
    private long inSystemSince;
    private Mark begin = new Mark(0, 0, 0, 0, 0);
    private Mark end = begin;

    /** The counters at one end of the window. */
    private record Mark(long time, long requests, long documents, long busy, double area) {}

    /**
     * Nothing seen yet.
     *
     * @param requests that will come
     * @param busy nanoseconds that workers have spent in steps until now, over all of them
     */
    Observations(int requests, LongSupplier busy) {
        this.busy = busy;
        expected = requests;
        warmUp = requests / 10;
        latencies = new double[requests];
        firstTokens = new double[requests];
    }

    void arrived(long now) {
        if (arrived == warmUp) {
            begin = mark(now);
        }
        arrived++;
        if (arrived == expected) {
            end = mark(now);
        }
    }

    void refused() {
        refused++;
    }

    void accepted(long now) {
        count(now, 1);
    }

    private void count(long now, int change) {
        inSystemArea += inSystem * (double) (now - inSystemSince);
        inSystemSince = now;
        inSystem += change;
    }

    private Mark mark(long now) {
        count(now, 0);
        return new Mark(now, requestsEnded, finished + cut, busy.getAsLong(), inSystemArea);
    }

    void documentEnded(SequenceEvent event) {
        if (event instanceof SequenceEvent.Finished end && end.reason() != FinishReason.CANCELLED) {
            if (end.reason() == FinishReason.CONCLUDED) {
                cut++;
            } else {
                finished++;
            }
        } else {
            expired++;
        }
    }

    void expired(long documents) {
        expired += documents;
    }

    void failed(long documents) {
        failed += documents;
    }

    void repeated(long documents) {
        repeated += documents;
    }

    void stepped(int chunks) {
        steps++;
        rows += chunks;
    }

    /**
     * A request has its last answer.
     *
     * @param number of the request, by arrival
     * @param extra what its answers take on their way
     */
    void requestEnded(int number, SimulatedRequest request, long now, long extra) {
        count(now, -1);
        requestsEnded++;
        if (number >= warmUp) {
            latencies[latencyCount++] = (now + extra - request.arrival()) / NANOS;
            if (request.firstToken() >= 0) {
                firstTokens[firstTokenCount++] = (request.firstToken() + extra - request.arrival()) / NANOS;
            }
        }
    }

    Outcome outcome(Deployment deployment, long now) {
        // All at once leaves no window between first and last arrival: then it is the whole run.
        Mark last = end.time() > begin.time() ? end : mark(now);
        double window = Math.max(1, last.time() - begin.time());
        return new Outcome(
                deployment.workers(),
                deployment.slots(),
                arrived,
                refused,
                finished,
                cut,
                expired,
                failed,
                repeated,
                now / NANOS,
                (last.requests() - begin.requests()) / window * NANOS,
                (last.documents() - begin.documents()) / window * NANOS,
                (last.busy() - begin.busy()) / window / deployment.workers(),
                steps == 0 ? 0 : (double) rows / steps,
                (last.area() - begin.area()) / window,
                seconds(latencies, latencyCount),
                seconds(firstTokens, firstTokenCount),
                steps);
    }

    private static Outcome.Seconds seconds(double[] values, int count) {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
        return new Outcome.Seconds(mean, quantile(sorted, 0.5), quantile(sorted, 0.95), quantile(sorted, 0.99));
    }

    /** The smallest value that at least this share of all do not exceed. */
    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
    }
}

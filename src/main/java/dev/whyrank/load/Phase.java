package dev.whyrank.load;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * A stretch of load and what became of its requests.
 *
 * @param times of the measured capacity
 * @param perSecond requests that arrived each second
 */
public record Phase(double times, double perSecond, List<Outcome> outcomes) {

    /** A share of the requests, in [0, 1], took at most so many seconds; not a number without any. */
    record Quantiles(double p50, double p95, double p99) {

        private static Quantiles of(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            return new Quantiles(at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99));
        }

        private static double at(double[] sorted, double share) {
            return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }

    long accepted() {
        return count(Outcome::accepted);
    }

    long refused() {
        return count(Outcome::refused);
    }

    long broken() {
        return count(Outcome::broken);
    }

    private long count(Predicate<Outcome> which) {
        return outcomes.stream().filter(which).count();
    }

    /** Of accepted requests whose clients read; those who lag or leave measure themselves. */
    Quantiles seconds() {
        return quantiles(Outcome::seconds);
    }

    Quantiles secondsToFirstWords() {
        return quantiles(Outcome::secondsToFirstWords);
    }

    private Quantiles quantiles(ToDoubleFunction<Outcome> figure) {
        return Quantiles.of(outcomes.stream()
                .filter(outcome -> outcome.accepted() && outcome.manner() == Manner.READS)
                .mapToDouble(figure)
                .toArray());
    }

    /** Most accepted requests that were there at once. */
    int mostAtOnce() {
        long[] begun = outcomes.stream()
                .filter(Outcome::accepted)
                .mapToLong(Outcome::due)
                .sorted()
                .toArray();
        long[] ended = outcomes.stream()
                .filter(Outcome::accepted)
                .mapToLong(Outcome::ended)
                .sorted()
                .toArray();
        int most = 0;
        int gone = 0;
        for (int i = 0; i < begun.length; i++) {
            while (ended[gone] <= begun[i]) {
                gone++;
            }
            most = Math.max(most, i + 1 - gone);
        }
        return most;
    }

    /** Documents judged per second between the first arrival and the last end. */
    double documentsPerSecond() {
        long begin = outcomes.stream().mapToLong(Outcome::due).min().orElse(0);
        List<Outcome> whole = outcomes.stream().filter(Outcome::whole).toList();
        long end = whole.stream().mapToLong(Outcome::ended).max().orElse(begin);
        int documents = whole.stream().mapToInt(Outcome::documents).sum();
        return end == begin ? 0 : documents * 1e9 / (end - begin);
    }
}

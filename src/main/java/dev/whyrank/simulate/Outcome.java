package dev.whyrank.simulate;

/**
 * What a simulation showed. Rates and means are of a window: from the arrival of the first request behind the warm-up,
 * a tenth of all, to the arrival of the last. Latencies are those of accepted requests that came in the window.
 *
 * @param workers of the deployment
 * @param slots of each worker
 * @param requests that came
 * @param refused requests that admission turned away
 * @param finished documents whose explanation came to its own end
 * @param cut documents that the deadline cut short, with a label
 * @param expired documents that the deadline ended before their turn
 * @param failed documents given up after three dead workers
 * @param repeated documents that were begun again because their worker died
 * @param seconds of virtual time, from the beginning to the last event
 * @param requestsPerSecond ended in the window
 * @param documentsPerSecond ended in the window, with a label
 * @param utilisation share of the window in which a worker's model ran, mean over workers
 * @param running sequences and prefixes in a step, mean over steps
 * @param inSystem accepted requests that had not ended, mean over the window
 * @param latency of whole requests
 * @param firstToken from a request's arrival to its first token
 * @param steps of all workers
 */
public record Outcome(
        int workers,
        int slots,
        int requests,
        int refused,
        long finished,
        long cut,
        long expired,
        long failed,
        long repeated,
        double seconds,
        double requestsPerSecond,
        double documentsPerSecond,
        double utilisation,
        double running,
        double inSystem,
        Seconds latency,
        Seconds firstToken,
        long steps) {

    /** A distribution of times in seconds; NaN where nothing was measured. */
    public record Seconds(double mean, double p50, double p95, double p99) {}

    /** Whether every document got what it came for, 95 of 100 requests in so many seconds. */
    public boolean meets(double p95Seconds) {
        return refused == 0 && expired == 0 && failed == 0 && latency.p95() <= p95Seconds;
    }
}

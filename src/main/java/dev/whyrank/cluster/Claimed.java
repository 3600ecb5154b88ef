package dev.whyrank.cluster;

/**
 * A task that this worker has.
 *
 * @param entry its entry in its lane
 * @param deliveries how often it was given to a worker since it was added
 */
record Claimed(TaskMessage task, String entry, long deliveries) {

    int attempt() {
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, task.attempts() + deliveries));
    }
}

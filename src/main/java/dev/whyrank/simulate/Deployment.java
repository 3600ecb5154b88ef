package dev.whyrank.simulate;

import dev.whyrank.model.InvalidInputException;
import java.util.List;

/**
 * What serves the traffic.
 *
 * @param workers machines, each with a model of its own
 * @param slots sequences that run at once on a worker, shared prefixes included
 * @param tokenBudget most tokens of a step
 * @param taskDocuments most documents of a task; 0 for one process without tasks, where a request goes whole to the one
 *     worker
 * @param queueTokens estimated tokens that are accepted at once, for each worker; more is refused
 * @param hopMillis of each way between gateway and worker
 * @param idleSeconds after which a dead worker's tasks are handed on
 * @param failures when workers die
 */
public record Deployment(
        int workers,
        int slots,
        int tokenBudget,
        int taskDocuments,
        long queueTokens,
        double hopMillis,
        double idleSeconds,
        List<Failure> failures) {

    /**
     * A share of all workers dies.
     *
     * @param share in (0, 1]
     * @param atSeconds from the beginning
     * @param downSeconds until they are back, empty; infinite for never
     */
    public record Failure(double share, double atSeconds, double downSeconds) {

        public Failure {
            require(share > 0 && share <= 1, "the share of workers that fail must be above 0 and at most 1");
            require(atSeconds >= 0, "a failure's time must be 0 or more");
            require(downSeconds > 0, "workers must be down for more than 0 seconds");
        }
    }

    public Deployment {
        failures = List.copyOf(failures);
        require(workers >= 1, "there must be 1 worker or more");
        require(slots >= 1, "a worker needs 1 slot or more");
        require(tokenBudget >= slots, "the token budget must be at least the number of slots");
        require(taskDocuments >= 0, "a task must have 1 document or more, or 0 for one process without tasks");
        require(taskDocuments > 0 || workers == 1, "without tasks there is one worker; give --task-documents");
        require(queueTokens >= 1, "the queue must hold 1 token or more");
        require(hopMillis >= 0 && idleSeconds >= 0, "hop and idle time must be 0 or more");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new InvalidInputException(message);
        }
    }

    /** The same with another number of workers. */
    public Deployment withWorkers(int count) {
        return new Deployment(count, slots, tokenBudget, taskDocuments, queueTokens, hopMillis, idleSeconds, failures);
    }

    /**
     * Documents that may be on a worker when it asks for another task: a slot for each of a task's must be left. A slot
     * for their prefix is the scheduler's matter, as in the service.
     */
    int askingUpTo() {
        return taskDocuments == 0 ? Integer.MAX_VALUE : Math.max(0, slots - taskDocuments);
    }
}

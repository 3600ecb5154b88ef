package dev.whyrank.generate;

import dev.whyrank.model.InvalidInputException;

/** Counts who waits, over all threads, so that a queue stays bounded. */
final class Quota {

    private final String what;
    private final int capacity;
    private int taken;

    /**
     * An empty quota.
     *
     * @param what is counted, in the plural, for messages
     */
    Quota(String what, int capacity) {
        this.what = what;
        this.capacity = capacity;
    }

    /**
     * Takes places, all or none.
     *
     * @throws EngineOverloadedException if they are not free now
     * @throws InvalidInputException if they could never be free
     */
    synchronized void acquire(int places) {
        if (places > capacity) {
            throw new InvalidInputException(
                    places + " " + what + " can never fit a queue of " + capacity + "; send fewer at once");
        }
        if (places > capacity - taken) {
            throw new EngineOverloadedException(what, places, taken, capacity);
        }
        taken += places;
    }

    synchronized void release(int places) {
        taken -= places;
    }
}

package dev.whyrank.generate;

/** A submission does not fit the engine's queue now; it may later. Nothing of it was accepted. */
public final class EngineOverloadedException extends RuntimeException {

    private final int waiting;
    private final int capacity;

    EngineOverloadedException(String what, int more, int waiting, int capacity) {
        super(more + " more " + what + " do not fit: " + waiting + " of " + capacity + " places are taken");
        this.waiting = waiting;
        this.capacity = capacity;
    }

    /** How many were waiting. */
    public int waiting() {
        return waiting;
    }

    /** How many may wait. */
    public int capacity() {
        return capacity;
    }
}

package dev.whyrank.train.tuning;

/** Told how a run goes, on its thread. */
public interface TuningListener {

    /** Told nothing. */
    TuningListener NONE = new TuningListener() {};

    /**
     * A run begins, or goes on.
     *
     * @param done steps that an earlier run has made
     * @param steps of the whole run
     */
    default void started(int done, int steps) {}

    /**
     * A step was made.
     *
     * @param loss the step's loss, each answer's mean over its tokens
     * @param norm the gradient's, before it was cut down
     * @param tokensPerSecond read, prompts included, since the run began
     */
    record Step(int step, double loss, double norm, double rate, double tokensPerSecond) {}

    default void stepped(Step step) {}

    /**
     * The dev examples were looked at.
     *
     * @param loss as of a step
     * @param labelAccuracy share of labels predicted right behind the teacher's own explanation; NaN without labels
     */
    record Evaluation(int step, double loss, double labelAccuracy) {}

    default void evaluated(Evaluation evaluation) {}

    /** The run is over: finished, stopped or failed. */
    default void ended() {}

    /** Whether the run should save its state and stop; asked after each step. */
    default boolean stopRequested() {
        return false;
    }
}

package dev.whyrank.train.paid;

/** Told how asking goes on. {@link #answered} comes from many threads; all must return at once. */
public interface AskingListener {

    /** Hears nothing. */
    AskingListener NONE = new AskingListener() {};

    /** So many answers are wanted, and so many of them are there already. */
    default void started(int answers, int done) {}

    default void answered() {}

    default void ended() {}

    /** Whether to stop asking. */
    default boolean stopRequested() {
        return false;
    }
}

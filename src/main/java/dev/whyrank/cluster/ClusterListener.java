package dev.whyrank.cluster;

import java.time.Duration;

/** What happens in a cluster, for meters. Called from several threads; must return at once, never throw. */
public interface ClusterListener {

    /** Hears nothing. */
    ClusterListener NONE = new ClusterListener() {};

    /** The queue's tasks that have not ended, and their estimated tokens. */
    default void queue(long tasks, long tokens) {}

    /** Redis answers, or does not any more. */
    default void reachable(boolean reachable) {}

    /** This worker took a task over from a dead one. */
    default void claimed() {}

    /** A document's story began anew at this gateway. */
    default void restarted() {}

    /** This gateway added a task again because Redis had lost it. */
    default void addedAgain() {}

    /** A task was answered, so long after this gateway added it. */
    default void answered(Duration latency) {}
}

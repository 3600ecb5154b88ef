package dev.whyrank.train.annotation;

/** Told how annotating goes on. {@link #answered} comes from many threads; all must return at once. */
public interface AnnotationListener {

    /** Hears nothing. */
    AnnotationListener NONE = new AnnotationListener() {};

    /** So many answers are wanted, and so many of them are there already. */
    default void started(int answers, int done) {}

    default void answered() {}

    default void ended() {}

    /** Whether to stop asking and to write what there is. */
    default boolean stopRequested() {
        return false;
    }
}

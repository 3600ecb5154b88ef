package dev.whyrank.train.refinement;

/** What a model, or the teacher, wrote when asked. */
public sealed interface Response permits Answer, QueryList {

    /** Whether it ended by itself; one that did not is never learnt. */
    boolean finished();

    /** Whether what was asked for is there, in its place; otherwise it is never learnt. */
    boolean stated();

    /** Whether it may be learnt, if it is good enough. */
    default boolean learnable() {
        return finished() && stated();
    }

    /** In the words in which it is judged, without stop mark. */
    String words();
}

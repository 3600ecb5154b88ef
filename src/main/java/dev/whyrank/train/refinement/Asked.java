package dev.whyrank.train.refinement;

/** What a model is asked, with what its teacher answered. Told apart from others by its place, never by its text. */
public sealed interface Asked permits Pair, Topic {

    /** Among everything that is asked in a run. */
    int place();

    String question();

    /** The teacher's answer, as if it had been written by the model. */
    Response reference();
}

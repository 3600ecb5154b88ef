package dev.whyrank.model;

import java.util.Set;

/** Tensors that can all be named, to be written to a file. */
public interface NamedWeights extends Weights {

    /** The names of all tensors, in the order in which they should be written. */
    Set<String> names();
}

package dev.whyrank.model;

import java.nio.FloatBuffer;

/** Named tensors, readable a few rows at a time so that no tensor is ever held whole. */
public interface Weights {

    /** Whether there is a tensor of this name. */
    boolean contains(String name);

    /**
     * The shape of a tensor.
     *
     * @throws IllegalArgumentException naming file and tensor if there is none
     */
    long[] shape(String name);

    /**
     * Rows of a tensor seen as a matrix of shape [shape[0], product of the rest], widened to float32. A vector has rows
     * of one element.
     *
     * @param name the tensor
     * @param from first row
     * @param to the row after the last; (to - from) times the row's width must be below 2^29
     * @return a direct buffer in native order, valid until the next call
     */
    FloatBuffer rows(String name, int from, int to);
}

package dev.whyrank.model;

import java.util.List;

/** Maps token sequences to vectors of length one. Owned by one thread. */
public interface TextEncoder extends AutoCloseable {

    /** Most tokens one sequence may have, special tokens included. */
    int window();

    /** Length of a vector. */
    int dimension();

    /**
     * Encodes a batch.
     *
     * @param batch token ids, each of length 1 to {@link #window()}
     * @return one vector of Euclidean length 1 for each sequence, in order
     */
    float[][] encode(List<int[]> batch);

    @Override
    void close();
}

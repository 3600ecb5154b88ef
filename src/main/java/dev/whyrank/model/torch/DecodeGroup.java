package dev.whyrank.model.torch;

import dev.whyrank.model.Step.Chunk;
import java.util.Comparator;
import java.util.List;

/**
 * Single tokens that attend as one batch, as decoder.py takes it.
 *
 * @param chunks of one token, by slot; not empty
 * @param shared positions at the beginning of all their slots that hold the same keys and values and are read once; 0
 *     when each slot is read
 */
record DecodeGroup(List<Chunk> chunks, int shared) {

    /** Span is rounded up to this, so that sizes, and with them the memory that libtorch reuses, vary less. */
    private static final int SPAN_UNIT = 32;

    /** Single tokens, in any order, that share nothing. */
    static DecodeGroup ofOwn(List<Chunk> chunks) {
        return new DecodeGroup(
                chunks.stream().sorted(Comparator.comparingInt(Chunk::slot)).toList(), 0);
    }

    int count() {
        return chunks.size();
    }

    int lowestSlot() {
        return chunks.get(0).slot();
    }

    /**
     * Rows of the cache that attention reads, from the lowest slot's on: all up to the highest slot's when most of those
     * are in use (a dead row costs less than a copy), else 0, for gathering them.
     */
    int denseRows() {
        int rows = chunks.get(count() - 1).slot() - lowestSlot() + 1;
        return count() * 2 >= rows ? rows : 0;
    }

    /** Positions of each slot that attention reads, the shared ones included. */
    int span(int slotLength) {
        return Math.min(slotLength, (longest() + SPAN_UNIT - 1) / SPAN_UNIT * SPAN_UNIT);
    }

    /** Positions of all slots that it reads; a row to be gathered is read, written and read again. */
    long reads() {
        int rows = denseRows() > 0 ? denseRows() : 3 * count();
        return shared + (long) rows * (longest() - shared);
    }

    private int longest() {
        return 1 + chunks.stream().mapToInt(Chunk::position).max().orElseThrow();
    }
}

package dev.whyrank.generate;

import dev.whyrank.model.Sampling;
import dev.whyrank.model.Step;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tokens of one slot: those whose keys and values are in the cache, and behind them those still to compute. */
final class SlotTokens {

    private final int slot;
    private final int[] tokens;
    private int known;
    private int written;

    /**
     * An empty slot's tokens to come.
     *
     * @param capacity most tokens it will ever hold
     */
    SlotTokens(int slot, int[] tokens, int capacity) {
        this.slot = slot;
        this.tokens = Arrays.copyOf(tokens, capacity);
        this.known = tokens.length;
    }

    int slot() {
        return slot;
    }

    /** Tokens known, which is also the position of the next one. */
    int known() {
        return known;
    }

    int written() {
        return written;
    }

    /** Tokens known but not in the cache. */
    int pending() {
        return known - written;
    }

    void append(int... more) {
        System.arraycopy(more, 0, tokens, known, more.length);
        known += more.length;
    }

    /** Counts tokens that are in the cache now, computed or copied. */
    void wrote(int count) {
        written += count;
    }

    /** The next {@code count} tokens after {@code from}. */
    Step.Chunk chunk(int from, int count, @Nullable Sampling sampling) {
        return new Step.Chunk(slot, from, Arrays.copyOfRange(tokens, from, from + count), sampling);
    }
}

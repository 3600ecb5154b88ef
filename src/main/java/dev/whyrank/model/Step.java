package dev.whyrank.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass as plain data: prefix copies, which happen first, then tokens at positions of slots, all in one
 * packed batch. Decode tokens are chunks of one token; they come before prefill chunks.
 *
 * @param copies key-value prefixes to copy from slot to slot before any token is computed
 * @param chunks at most one per slot; each writes its tokens' keys and values into its slot
 */
public record Step(List<PrefixCopy> copies, List<Chunk> chunks) {

    /** Copies the first {@code length} positions of slot {@code from} into slot {@code to}. */
    public record PrefixCopy(int from, int to, int length) {}

    /**
     * Tokens of one slot at consecutive positions.
     *
     * @param slot the slot, in [0, slots)
     * @param position the position of the first token; every lower position of the slot must have been written
     * @param tokens at least one token id
     * @param sampling how to choose the token that follows the last one, or null when nothing is to be chosen
     */
    public record Chunk(
            int slot, int position, int[] tokens, @Nullable Sampling sampling) {}

    /** Number of tokens computed, over all chunks. */
    public int tokenCount() {
        return chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum();
    }
}

package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;

/**
 * How the key-value cache is cut into slots.
 *
 * @param slots sequences that can run at once, shared prefixes included
 * @param slotLength tokens that one of them can hold
 */
public record SlotPlan(int slots, int slotLength) {

    /**
     * As many slots as fit the memory.
     *
     * @param memory bytes for the cache
     * @param bytesPerToken bytes that one token takes in it
     * @param contextLength most tokens that the model was made for
     * @param wantedLength tokens of a slot, cut to the context length
     * @param mostSlots upper bound of the number of slots
     * @throws InvalidInputException if not even one slot fits
     */
    public static SlotPlan fit(long memory, long bytesPerToken, int contextLength, int wantedLength, int mostSlots) {
        int length = Math.min(wantedLength, contextLength);
        long slotBytes = Math.multiplyExact(bytesPerToken, (long) length);
        long slots = Math.min(mostSlots, memory / slotBytes);
        if (slots < 1) {
            throw new InvalidInputException("a cache of " + mebibytes(memory) + " holds no slot of " + length
                    + " tokens, which takes " + mebibytes(slotBytes)
                    + ": raise whyrank.engine.kv-memory or lower whyrank.engine.slot-length");
        }
        return new SlotPlan((int) slots, length);
    }

    private static String mebibytes(long bytes) {
        return ((bytes + (1 << 20) - 1) >> 20) + " MiB";
    }
}

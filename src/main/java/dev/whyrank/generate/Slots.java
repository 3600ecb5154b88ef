package dev.whyrank.generate;

import java.util.BitSet;

/**
 * Which slots are taken. Documents get the lowest free slot and prefixes the highest, so that the rows that decode lie
 * densely at the low end; at most half of the slots are prefixes, so that there is always room to decode. Bulk requests
 * hold one prefix less than that: one is always left to those that somebody waits for.
 */
final class Slots {

    private final int count;
    private final BitSet taken = new BitSet();
    private int prefixes;
    private int bulkPrefixes;

    Slots(int count) {
        this.count = count;
    }

    int free() {
        return count - taken.cardinality();
    }

    int used() {
        return taken.cardinality();
    }

    /** Prefixes that requests of a priority may hold together. */
    int mostPrefixes(Priority priority) {
        return Math.max(0, count / 2 - (priority == Priority.BULK ? 1 : 0));
    }

    boolean prefixAllowed(Priority priority) {
        int held = priority == Priority.BULK ? bulkPrefixes : 0;
        return prefixes < count / 2 && held < mostPrefixes(priority);
    }

    int takeForDocument() {
        int slot = taken.nextClearBit(0);
        taken.set(slot);
        return slot;
    }

    int takeForPrefix(Priority priority) {
        int slot = taken.previousClearBit(count - 1);
        taken.set(slot);
        prefixes++;
        bulkPrefixes += priority == Priority.BULK ? 1 : 0;
        return slot;
    }

    void releaseDocument(int slot) {
        taken.clear(slot);
    }

    void releasePrefix(int slot, Priority priority) {
        taken.clear(slot);
        prefixes--;
        bulkPrefixes -= priority == Priority.BULK ? 1 : 0;
    }
}

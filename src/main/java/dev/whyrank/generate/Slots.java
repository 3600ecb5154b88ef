package dev.whyrank.generate;

import java.util.BitSet;

/**
 * Which slots are taken. Documents get the lowest free slot and prefixes the highest, so that the rows that decode lie
 * densely at the low end; at most half of the slots are prefixes, so that there is always room to decode.
 */
final class Slots {

    private final int count;
    private final BitSet taken = new BitSet();
    private int prefixes;

    Slots(int count) {
        this.count = count;
    }

    int free() {
        return count - taken.cardinality();
    }

    int used() {
        return taken.cardinality();
    }

    int mostPrefixes() {
        return count / 2;
    }

    boolean prefixAllowed() {
        return prefixes < mostPrefixes();
    }

    int takeForDocument() {
        int slot = taken.nextClearBit(0);
        taken.set(slot);
        return slot;
    }

    int takeForPrefix() {
        int slot = taken.previousClearBit(count - 1);
        taken.set(slot);
        prefixes++;
        return slot;
    }

    void releaseDocument(int slot) {
        taken.clear(slot);
    }

    void releasePrefix(int slot) {
        taken.clear(slot);
        prefixes--;
    }
}

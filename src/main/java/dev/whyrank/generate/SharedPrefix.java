package dev.whyrank.generate;

import dev.whyrank.model.Step;

/** The common beginning of a request's prompts, computed once in a slot of its own and copied from there. */
final class SharedPrefix {

    private final SlotTokens text;
    private int readers;

    SharedPrefix(int slot, int[] tokens) {
        text = new SlotTokens(slot, tokens, tokens.length);
    }

    int slot() {
        return text.slot();
    }

    int length() {
        return text.known();
    }

    int written() {
        return text.written();
    }

    boolean ready() {
        return text.pending() == 0;
    }

    Step.Chunk chunk(int budget) {
        return text.chunk(text.written(), Math.min(budget, text.pending()), null);
    }

    void wrote(int count) {
        text.wrote(count);
    }

    /** A sequence with a slot will copy. */
    void join() {
        readers++;
    }

    /** A sequence has copied, or ended before it did. */
    void leave() {
        readers--;
    }

    boolean hasReaders() {
        return readers > 0;
    }
}

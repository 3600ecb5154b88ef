package dev.whyrank.model.torch;

import dev.whyrank.model.Step.Chunk;
import dev.whyrank.model.Step.PrefixCopy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which slots begin with the same keys and values, as far as copies tell, so that single tokens of several slots can read
 * those once. A slot counts no more once one of the positions is written anew.
 */
final class CopiedPrefixes {

    /** One object for all slots that hold it; compared by identity. */
    private static final class Prefix {

        private final int length;

        private Prefix(int length) {
            this.length = length;
        }
    }

    private final @Nullable Prefix[] ofSlot;
    private final long fewestSaved;

    /**
     * Nothing has been copied.
     *
     * @param fewestSaved positions that need not be read, over all slots of a group, for the group to be worth it
     */
    CopiedPrefixes(int slots, long fewestSaved) {
        ofSlot = new Prefix[slots];
        this.fewestSaved = fewestSaved;
    }

    void copied(PrefixCopy copy) {
        Prefix prefix = ofSlot[copy.from()];
        if (prefix == null || prefix.length != copy.length()) {
            prefix = new Prefix(copy.length());
            ofSlot[copy.from()] = prefix;
        }
        ofSlot[copy.to()] = prefix;
    }

    /** To be told before a chunk's positions are written. */
    void writing(Chunk chunk) {
        Prefix prefix = ofSlot[chunk.slot()];
        if (prefix != null && chunk.position() < prefix.length) {
            forget(chunk.slot());
        }
    }

    void forget(int slot) {
        ofSlot[slot] = null;
    }

    /** Slots that begin with the same as this one, itself among them. */
    List<Integer> sharing(int slot) {
        Prefix prefix = ofSlot[slot];
        return prefix == null
                ? List.of(slot)
                : IntStream.range(0, ofSlot.length)
                        .filter(other -> ofSlot[other] == prefix)
                        .boxed()
                        .toList();
    }

    /**
     * Groups single tokens by what their slots begin with, where that saves enough: slots of several prefixes that lie
     * mixed are better read as one batch. Those that share too little, or nothing, are the last group.
     *
     * @param decodes by slot
     */
    List<DecodeGroup> groups(List<Chunk> decodes) {
        if (decodes.isEmpty()) {
            return List.of();
        }
        Map<Prefix, List<Chunk>> sharing = new LinkedHashMap<>();
        List<Chunk> others = new ArrayList<>();
        for (Chunk chunk : decodes) {
            Prefix prefix = ofSlot[chunk.slot()];
            List<Chunk> group = prefix == null ? others : sharing.computeIfAbsent(prefix, key -> new ArrayList<>());
            group.add(chunk);
        }
        List<DecodeGroup> groups = new ArrayList<>();
        long fewest = 0;
        for (Map.Entry<Prefix, List<Chunk>> entry : sharing.entrySet()) {
            DecodeGroup group = new DecodeGroup(entry.getValue(), entry.getKey().length);
            if ((group.count() - 1L) * group.shared() >= fewestSaved) {
                groups.add(group);
                fewest += fewestSaved;
            } else {
                others.addAll(group.chunks());
            }
        }
        if (!others.isEmpty()) {
            groups.add(DecodeGroup.ofOwn(others));
        }
        DecodeGroup together = new DecodeGroup(decodes, 0);
        boolean saves = reads(groups) + fewest <= together.reads();
        return saves ? groups : List.of(together);
    }

    private static long reads(List<DecodeGroup> groups) {
        return groups.stream().mapToLong(DecodeGroup::reads).sum();
    }
}

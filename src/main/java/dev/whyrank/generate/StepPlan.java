package dev.whyrank.generate;

import dev.whyrank.model.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One step in the making, and afterwards the note of whose chunks it holds. Sequences that decode come first, one token
 * each; the rest of the budget goes to prompts, prefixes and forced continuations in the order of their grants.
 *
 * <p>Nothing starves: a sequence that does not decode leaves its own share of the budget, which is at least one token
 * for each slot, to itself and to those granted before it.
 */
final class StepPlan {

    /** A chunk of a sequence. */
    record SequenceWork(Sequence sequence, Step.Chunk chunk) {}

    /** A chunk of a request's shared prefix. */
    record PrefixWork(SequenceGroup group, SharedPrefix prefix, Step.Chunk chunk) {}

    private final List<SequenceWork> sequences = new ArrayList<>();
    private final List<PrefixWork> prefixes = new ArrayList<>();
    private final List<Step.PrefixCopy> copies = new ArrayList<>();
    private final List<Step.Chunk> chunks = new ArrayList<>();
    private int left;
    private int decodeTokens;

    StepPlan(List<Sequence> running, int tokenBudget) {
        left = tokenBudget;
        for (Sequence sequence : running) {
            if (sequence.decoding()) {
                add(sequence);
            }
        }
        decodeTokens = chunks.size();
        Set<SharedPrefix> seen = new HashSet<>();
        for (Sequence sequence : running) {
            if (left > 0 && !sequence.decoding()) {
                addPrefill(sequence, seen);
            }
        }
    }

    private void addPrefill(Sequence sequence, Set<SharedPrefix> seen) {
        SharedPrefix source = sequence.source();
        if (source == null) {
            add(sequence);
        } else if (source.ready()) {
            copies.add(new Step.PrefixCopy(source.slot(), sequence.slot(), source.length()));
            add(sequence);
        } else if (seen.add(source)) {
            Step.Chunk chunk = source.chunk(left);
            prefixes.add(new PrefixWork(sequence.group(), source, chunk));
            append(chunk);
        }
    }

    private void add(Sequence sequence) {
        Step.Chunk chunk = sequence.chunk(left);
        sequences.add(new SequenceWork(sequence, chunk));
        append(chunk);
    }

    private void append(Step.Chunk chunk) {
        chunks.add(chunk);
        left -= chunk.tokens().length;
    }

    /** Empty when there is nothing to compute. */
    Optional<Step> step() {
        return chunks.isEmpty() ? Optional.empty() : Optional.of(new Step(List.copyOf(copies), List.copyOf(chunks)));
    }

    int decodeTokens() {
        return decodeTokens;
    }

    /** In the order of their chunks. */
    List<SequenceWork> sequences() {
        return sequences;
    }

    List<PrefixWork> prefixes() {
        return prefixes;
    }

    /** Rows that the model must return. */
    int rows() {
        return (int) chunks.stream().filter(chunk -> chunk.sampling() != null).count();
    }
}

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
 * <p>Four prompts share the rest of the budget evenly, instead of the first taking it all, and the next four what those
 * leave: a model that computes a step's chunks side by side, each of them whole, then has parts that balance.
 *
 * <p>Nothing starves: a sequence that does not decode leaves its own share of the budget, which is at least one token
 * for each slot, to itself and to those granted before it.
 */
final class StepPlan {

    /** A chunk of a sequence. */
    record SequenceWork(Sequence sequence, Step.Chunk chunk) {}

    /** A chunk of a request's shared prefix. */
    record PrefixWork(SequenceGroup group, SharedPrefix prefix, Step.Chunk chunk) {}

    private static final int MOST_SHARERS = 4;

    private final List<SequenceWork> sequences;
    private final List<PrefixWork> prefixes = new ArrayList<>();
    private final List<Step.PrefixCopy> copies = new ArrayList<>();
    private final List<Step.Chunk> chunks;
    private int left;
    private int longest = Integer.MAX_VALUE;
    private int decodeTokens;

    StepPlan(List<Sequence> running, int tokenBudget) {
        left = tokenBudget;
        sequences = new ArrayList<>(running.size());
        chunks = new ArrayList<>(running.size());
        for (Sequence sequence : running) {
            if (sequence.decoding()) {
                add(sequence);
            }
        }
        decodeTokens = chunks.size();
        List<Sequence> prompts = prompts(running);
        for (int next = 0; next < prompts.size(); next += MOST_SHARERS) {
            List<Sequence> sharers = prompts.subList(next, Math.min(next + MOST_SHARERS, prompts.size()));
            longest = fairShare(sharers);
            for (Sequence sequence : sharers) {
                if (left > 0) {
                    addPrefill(sequence);
                }
            }
        }
    }

    /** Sequences with a prompt to compute; of those that wait for the same prefix, the first. */
    private static List<Sequence> prompts(List<Sequence> running) {
        Set<SharedPrefix> seen = new HashSet<>();
        return running.stream()
                .filter(sequence -> !sequence.decoding())
                .filter(sequence -> {
                    SharedPrefix source = sequence.source();
                    return source == null || source.ready() || seen.add(source);
                })
                .toList();
    }

    /** The longest chunk with which these prompts together just fill what is left. */
    private int fairShare(List<Sequence> prompts) {
        int[] wanted = prompts.stream()
                .mapToInt(sequence -> wanted(sequence).tokens().length)
                .sorted()
                .toArray();
        int open = left;
        for (int i = 0; i < wanted.length; i++) {
            int sharers = wanted.length - i;
            int share = (open + sharers - 1) / sharers;
            if (wanted[i] >= share) {
                return share;
            }
            open -= wanted[i];
        }
        return left;
    }

    private Step.Chunk wanted(Sequence sequence) {
        SharedPrefix source = sequence.source();
        return source == null || source.ready() ? sequence.chunk(left) : source.chunk(left);
    }

    private void addPrefill(Sequence sequence) {
        SharedPrefix source = sequence.source();
        if (source != null && !source.ready()) {
            Step.Chunk chunk = source.chunk(Math.min(left, longest));
            prefixes.add(new PrefixWork(sequence.group(), source, chunk));
            append(chunk);
            return;
        }
        if (source != null) {
            copies.add(new Step.PrefixCopy(source.slot(), sequence.slot(), source.length()));
        }
        add(sequence);
    }

    private void add(Sequence sequence) {
        Step.Chunk chunk = sequence.chunk(Math.min(left, longest));
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

package dev.whyrank.generate;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Step;
import dev.whyrank.model.StepResult;
import dev.whyrank.model.TokenBytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who gets a slot and what the next step computes. Pure: it knows no thread, clock or model, and the same calls
 * give the same answers. One caller repeats {@link #plan()}, a run of the step elsewhere, and {@link #complete} or
 * {@link #fail}; between a plan and its outcome only {@link #add}, {@link #cancel} and {@link #conclude} are allowed,
 * and they take effect in the next plan.
 *
 * <p>Slots are granted one at a time, round-robin over the requests that have sequences waiting, in the order of a
 * request within it: between two grants of a request, each other one gets at most one. A request whose sequences share
 * a prefix needs two slots for its first grant. If only one is free it is kept for that request, so that a stream of
 * single sequences cannot starve it; if all prefix slots are held it is passed over and keeps its place in front. Bulk
 * requests have a round of their own, which gets only those slots that no interactive request could take; they never hold
 * the last prefix slot, and share no prefix where there is only one.
 */
public final class Scheduler {

    private final SequenceLimits limits;
    private final int tokenBudget;
    private final TokenBytes bytes;
    private final Slots slots;
    private final Map<Long, SequenceGroup> groups = new HashMap<>();
    /** Requests with sequences waiting; the first priority's are granted first. */
    private final Map<Priority, Deque<SequenceGroup>> rotations = new EnumMap<>(Priority.class);

    private final Set<SequenceGroup> flagged = new LinkedHashSet<>();
    private final List<Sequence> running = new ArrayList<>();
    private @Nullable StepPlan inFlight;

    /**
     * An empty scheduler.
     *
     * @param limits the model's slots
     * @param tokenBudget most tokens in a step; at least the number of slots, so that all can decode at once
     * @param bytes the text of tokens, for stop strings
     * @throws InvalidInputException if the budget is too small
     */
    public Scheduler(SequenceLimits limits, int tokenBudget, TokenBytes bytes) {
        if (tokenBudget < limits.slots()) {
            throw new InvalidInputException("whyrank.engine.token-budget is " + tokenBudget + ", but there are "
                    + limits.slots() + " slots; raise the budget to at least one token for each slot");
        }
        this.limits = limits;
        this.tokenBudget = tokenBudget;
        this.bytes = bytes;
        this.slots = new Slots(limits.slots());
        for (Priority priority : Priority.values()) {
            rotations.put(priority, new ArrayDeque<>());
        }
    }

    /**
     * Adds a request behind all others.
     *
     * @param id names it from now on; not in use
     * @param sharedPrefix how many leading tokens all prompts have in common, 0 for none
     * @throws InvalidInputException if it does not pass {@link SequenceLimits#check}
     */
    public void add(long id, List<SequenceRequest> sequences, int sharedPrefix) {
        add(id, sequences, sharedPrefix, Priority.INTERACTIVE);
    }

    /** The same with a priority: behind all others of that one. */
    public void add(long id, List<SequenceRequest> sequences, int sharedPrefix, Priority priority) {
        limits.check(sequences, sharedPrefix);
        SequenceGroup group = new SequenceGroup(id, sequences, sharedPrefix, priority);
        if (groups.putIfAbsent(id, group) != null) {
            throw new IllegalStateException("request " + id + " was added twice");
        }
        rotation(group).add(group);
    }

    private Deque<SequenceGroup> rotation(SequenceGroup group) {
        return Objects.requireNonNull(rotations.get(group.priority()));
    }

    /** Ends all sequences of a request in the next plan. Unknown and ended requests are ignored, here and below. */
    public void cancel(long id) {
        flag(id).ifPresent(SequenceGroup::cancelAll);
    }

    /** Ends one sequence in the next plan. */
    public void cancel(long id, int index) {
        flag(id).ifPresent(group -> group.cancel(index));
    }

    /** In the next plan turns a request's running sequences to their end and cancels its waiting ones. */
    public void conclude(long id) {
        flag(id).ifPresent(SequenceGroup::conclude);
    }

    private Optional<SequenceGroup> flag(long id) {
        Optional<SequenceGroup> group = Optional.ofNullable(groups.get(id));
        group.ifPresent(flagged::add);
        return group;
    }

    /** Honours flags, grants slots and decides the next step. */
    public Plan plan() {
        if (inFlight != null) {
            throw new IllegalStateException("the last step has neither completed nor failed");
        }
        List<SequenceEvent> events = new ArrayList<>();
        applyFlags(events);
        boolean granted;
        do {
            granted = grantNext(events);
        } while (granted);
        StepPlan next = new StepPlan(running, tokenBudget);
        Optional<Step> step = next.step();
        inFlight = step.isPresent() ? next : null;
        return new Plan(events, step, next.decodeTokens());
    }

    private void applyFlags(List<SequenceEvent> events) {
        for (SequenceGroup group : flagged) {
            group.waiting().removeIf(index -> {
                boolean gone = group.isConcluded() || group.isCancelled(index);
                if (gone) {
                    events.add(group.cancelledEvent(index));
                }
                return gone;
            });
            for (Sequence sequence : runningOf(group)) {
                if (group.isCancelled(sequence.index())) {
                    events.add(group.cancelledEvent(sequence.index()));
                    end(sequence);
                } else if (group.isConcluded() && sequence.conclude(events)) {
                    end(sequence);
                }
            }
            if (group.waiting().isEmpty()) {
                rotation(group).remove(group);
            }
            settle(group);
        }
        flagged.clear();
    }

    private boolean grantNext(List<SequenceEvent> events) {
        for (Deque<SequenceGroup> rotation : rotations.values()) {
            for (SequenceGroup group : rotation) {
                boolean prefixed = group.wantsPrefix() && slots.mostPrefixes(group.priority()) > 0;
                if (prefixed && !slots.prefixAllowed(group.priority())) {
                    continue;
                }
                if (slots.free() < (prefixed ? 2 : 1)) {
                    return false;
                }
                grant(group, prefixed, events);
                return true;
            }
        }
        return false;
    }

    private void grant(SequenceGroup group, boolean prefixed, List<SequenceEvent> events) {
        if (prefixed) {
            group.openPrefix(slots.takeForPrefix(group.priority()));
        }
        Sequence sequence = group.start(slots.takeForDocument());
        running.add(sequence);
        rotation(group).remove(group);
        if (!group.waiting().isEmpty()) {
            rotation(group).add(group);
        }
        SharedPrefix source = sequence.source();
        // The sequence that brings the prefix pays for it: what is not cached is what was computed.
        int cached = source == null || prefixed ? 0 : source.length();
        int prompt = group.request(sequence.index()).prompt().length;
        events.add(new SequenceEvent.Started(group.id(), sequence.index(), prompt, cached));
    }

    /**
     * Applies a step's result.
     *
     * @throws IllegalArgumentException if it does not fit the step; nothing has changed then
     */
    public List<SequenceEvent> complete(StepResult result) {
        StepPlan done = landed();
        check(done, result);
        inFlight = null;
        for (StepPlan.PrefixWork work : done.prefixes()) {
            work.prefix().wrote(work.chunk().tokens().length);
        }
        List<SequenceEvent> events = new ArrayList<>(done.sequences().size());
        int row = 0;
        for (StepPlan.SequenceWork work : done.sequences()) {
            Sequence sequence = work.sequence();
            sequence.wrote(work.chunk().tokens().length);
            if (work.chunk().sampling() != null) {
                float[] labels = result.labelLogProbabilities()[row];
                if (sequence.accept(result.tokens()[row++], labels, bytes, events)) {
                    end(sequence);
                }
            }
            settle(sequence.group());
        }
        return events;
    }

    /** Whether the last plan's step has neither completed nor failed. */
    boolean stepUnderWay() {
        return inFlight != null;
    }

    private StepPlan landed() {
        if (inFlight == null) {
            throw new IllegalStateException("no step is under way");
        }
        return inFlight;
    }

    private void check(StepPlan done, StepResult result) {
        int rows = done.rows();
        if (result.tokens().length != rows || result.labelLogProbabilities().length != rows) {
            throw new IllegalArgumentException("the model returned " + result.tokens().length + " tokens and "
                    + result.labelLogProbabilities().length + " label rows for " + rows + " sampled chunks");
        }
        for (int token : result.tokens()) {
            if (token < 0 || token >= limits.vocabularySize()) {
                throw new IllegalArgumentException(
                        "the model returned token " + token + " of a vocabulary of " + limits.vocabularySize());
            }
        }
    }

    /**
     * Ends the sequences of a step that failed, and those with a slot that were waiting for a prefix in it. Sequences
     * without a slot go on, with a prefix computed anew: every failure ends at least one, so it cannot repeat forever.
     */
    public List<SequenceEvent> fail(RuntimeException cause) {
        StepPlan failed = landed();
        inFlight = null;
        List<SequenceEvent> events = new ArrayList<>();
        for (StepPlan.SequenceWork work : failed.sequences()) {
            fail(work.sequence(), cause, events);
            settle(work.sequence().group());
        }
        for (StepPlan.PrefixWork work : failed.prefixes()) {
            // Until a prefix is complete, every running sequence of its request waits for it.
            runningOf(work.group()).forEach(sequence -> fail(sequence, cause, events));
            releasePrefix(work.group(), work.prefix());
            settle(work.group());
        }
        return events;
    }

    private void fail(Sequence sequence, RuntimeException cause, List<SequenceEvent> events) {
        events.add(sequence.group().failed(sequence.index(), cause));
        end(sequence);
    }

    /** How full it is; while a step is under way, as it was before. */
    public Occupancy occupancy() {
        int waiting = rotations.values().stream()
                .flatMap(Deque::stream)
                .mapToInt(g -> g.waiting().size())
                .sum();
        long positions = running.stream().mapToLong(Sequence::written).sum();
        for (SequenceGroup group : groups.values()) {
            SharedPrefix prefix = group.prefix();
            positions += prefix == null ? 0 : prefix.written();
        }
        return new Occupancy(waiting, running.size(), positions, slots.used());
    }

    private List<Sequence> runningOf(SequenceGroup group) {
        return running.stream()
                .filter(sequence -> sequence.group().equals(group))
                .toList();
    }

    private void end(Sequence sequence) {
        running.remove(sequence);
        slots.releaseDocument(sequence.slot());
        sequence.leaveSource();
        sequence.group().ended();
    }

    /** After a change: gives the prefix slot back if nobody will copy from it, and forgets a group that is done. */
    private void settle(SequenceGroup group) {
        SharedPrefix prefix = group.prefix();
        if (prefix != null && group.waiting().isEmpty() && !prefix.hasReaders()) {
            releasePrefix(group, prefix);
        }
        if (group.done()) {
            groups.remove(group.id());
        }
    }

    private void releasePrefix(SequenceGroup group, SharedPrefix prefix) {
        slots.releasePrefix(prefix.slot(), group.priority());
        group.closePrefix();
    }
}

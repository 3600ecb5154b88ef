package dev.whyrank.generate;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sequences of one request: which of them wait, what they share, and what was asked of them. */
final class SequenceGroup {

    private final long id;
    private final List<SequenceRequest> requests;
    private final int sharedLength;
    private final Priority priority;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final BitSet cancelled = new BitSet();
    private boolean concluded;
    private @Nullable SharedPrefix prefix;
    private int running;

    SequenceGroup(long id, List<SequenceRequest> requests, int sharedPrefix, Priority priority) {
        this.id = id;
        this.priority = priority;
        this.requests = List.copyOf(requests);
        int shortest = requests.stream().mapToInt(r -> r.prompt().length).min().orElseThrow();
        // Each sequence computes at least its prompt's last token itself: a copy brings no row to sample from.
        sharedLength = Math.min(sharedPrefix, shortest - 1);
        for (int i = 0; i < requests.size(); i++) {
            waiting.add(i);
        }
    }

    long id() {
        return id;
    }

    Priority priority() {
        return priority;
    }

    SequenceRequest request(int index) {
        return requests.get(index);
    }

    Deque<Integer> waiting() {
        return waiting;
    }

    boolean done() {
        return waiting.isEmpty() && running == 0;
    }

    @Nullable
    SharedPrefix prefix() {
        return prefix;
    }

    /** Whether its next sequence should be granted a slot for the prefix too; a lone one would share with nobody. */
    boolean wantsPrefix() {
        return prefix == null && sharedLength > 0 && waiting.size() > 1;
    }

    SharedPrefix openPrefix(int slot) {
        prefix = new SharedPrefix(slot, Arrays.copyOf(requests.get(0).prompt(), sharedLength));
        return prefix;
    }

    void closePrefix() {
        prefix = null;
    }

    /** Starts the sequence that has waited longest. */
    Sequence start(int slot) {
        running++;
        return new Sequence(this, waiting.remove(), slot, prefix);
    }

    void ended() {
        running--;
    }

    void cancelAll() {
        cancelled.set(0, requests.size());
    }

    void cancel(int index) {
        cancelled.set(index);
    }

    void conclude() {
        concluded = true;
    }

    boolean isCancelled(int index) {
        return cancelled.get(index);
    }

    boolean isConcluded() {
        return concluded;
    }

    SequenceEvent cancelledEvent(int index) {
        return new SequenceEvent.Finished(id, index, FinishReason.CANCELLED, new float[0]);
    }

    SequenceEvent failed(int index, RuntimeException cause) {
        return new SequenceEvent.Failed(id, index, cause);
    }
}

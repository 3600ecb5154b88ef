package dev.whyrank.generate;

import dev.whyrank.generate.EncoderJob.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Texts that wait to be encoded, and the decision which of them go together. Pure, like the scheduler.
 *
 * <p>A batch is built around the text that has waited longest, so none starves, from the texts nearest to it in
 * length, of all jobs, so that little is padding.
 */
final class EncoderQueue {

    private final int tokenBudget;
    private final Set<Text> arrival = new LinkedHashSet<>();
    private final TreeMap<Integer, Deque<Text>> byLength = new TreeMap<>();

    /**
     * An empty queue.
     *
     * @param tokenBudget most tokens of a batch, padding counted; a longer text goes alone
     */
    EncoderQueue(int tokenBudget) {
        this.tokenBudget = tokenBudget;
    }

    boolean isEmpty() {
        return arrival.isEmpty();
    }

    void add(EncoderJob job) {
        for (int i = 0; i < job.size(); i++) {
            Text text = job.text(i);
            arrival.add(text);
            byLength.computeIfAbsent(text.length(), length -> new ArrayDeque<>())
                    .add(text);
        }
    }

    /** Drops what is left of a job. */
    void remove(EncoderJob job) {
        arrival.removeIf(text -> text.job().equals(job));
        byLength.values().removeIf(texts -> {
            texts.removeIf(text -> text.job().equals(job));
            return texts.isEmpty();
        });
    }

    /** Takes the next batch out of the queue; empty if nothing waits. */
    List<Text> nextBatch() {
        List<Text> batch = new ArrayList<>();
        if (isEmpty()) {
            return batch;
        }
        int middle = arrival.iterator().next().length();
        int longest = middle;
        Entry<Integer, Deque<Text>> nearest = nearest(middle);
        while (nearest != null && fits(batch.size() + 1, Math.max(longest, nearest.getKey()))) {
            longest = Math.max(longest, nearest.getKey());
            batch.add(take(nearest));
            nearest = nearest(middle);
        }
        return batch;
    }

    private boolean fits(int texts, int longest) {
        return texts == 1 || (long) texts * longest <= tokenBudget;
    }

    private @Nullable Entry<Integer, Deque<Text>> nearest(int length) {
        Entry<Integer, Deque<Text>> below = byLength.floorEntry(length);
        Entry<Integer, Deque<Text>> above = byLength.ceilingEntry(length);
        if (below == null || above == null) {
            return below == null ? above : below;
        }
        return length - below.getKey() <= above.getKey() - length ? below : above;
    }

    private Text take(Entry<Integer, Deque<Text>> entry) {
        Text text = entry.getValue().remove();
        if (entry.getValue().isEmpty()) {
            byLength.remove(entry.getKey());
        }
        arrival.remove(text);
        return text;
    }
}

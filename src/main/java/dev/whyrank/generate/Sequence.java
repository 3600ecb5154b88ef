package dev.whyrank.generate;

import dev.whyrank.model.Sampling;
import dev.whyrank.model.Step;
import dev.whyrank.model.TokenBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sequence with a slot. It is in one of three phases: its prompt is computed; it generates, one token a step; or it
 * ends with its forced continuation, whose last row is read for labels only.
 */
final class Sequence {

    private static final float[] NO_LABELS = {};

    private final SequenceGroup group;
    private final int index;
    private final SequenceRequest request;
    private final SlotTokens text;
    private final StopMatcher stops;
    /** Where the beginning is copied from; null once it was, or if there is nothing to copy. */
    private @Nullable SharedPrefix source;
    /** Why the forced continuation is appended; null while it is not. */
    private @Nullable FinishReason ending;

    private int generated;

    Sequence(SequenceGroup group, int index, int slot, @Nullable SharedPrefix source) {
        this.group = group;
        this.index = index;
        this.request = group.request(index);
        this.stops = new StopMatcher(request.stop().strings());
        this.source = source;
        int[] prompt = request.prompt();
        text = new SlotTokens(slot, prompt, prompt.length + request.maxNewTokens() + request.forced().length);
        if (source != null) {
            source.join();
        }
        if (request.maxNewTokens() == 0) {
            // Nothing to generate: the row after the last token is read even if the continuation is empty.
            text.append(request.forced());
            ending = FinishReason.LENGTH;
        }
    }

    SequenceGroup group() {
        return group;
    }

    int index() {
        return index;
    }

    int slot() {
        return text.slot();
    }

    int written() {
        return text.written();
    }

    boolean decoding() {
        return generated > 0 && ending == null;
    }

    @Nullable
    SharedPrefix source() {
        return source;
    }

    /** The next tokens, at most {@code budget}; the chunk that reaches the last one known is sampled. */
    Step.Chunk chunk(int budget) {
        int from = source == null ? text.written() : source.length();
        int count = Math.min(budget, text.known() - from);
        return text.chunk(from, count, from + count == text.known() ? sampling() : null);
    }

    private Sampling sampling() {
        return ending == null ? request.sampling().at(text.known()) : Sampling.GREEDY;
    }

    /** Its chunk of {@code count} tokens was computed, after the copy if there was one to make. */
    void wrote(int count) {
        if (source != null) {
            text.wrote(source.length());
            leaveSource();
        }
        text.wrote(count);
    }

    void leaveSource() {
        if (source != null) {
            source.leave();
            source = null;
        }
    }

    /** Applies a sampled row and says whether the sequence has ended. */
    boolean accept(int token, float[] labels, TokenBytes bytes, List<SequenceEvent> events) {
        if (hasNaN(labels)) {
            events.add(group.failed(
                    index,
                    new IllegalStateException("the model's output is not a number at position " + (text.known() - 1)
                            + " of a sequence; check its weights and its number format")));
            return true;
        }
        if (ending != null) {
            return finish(ending, labels, events);
        }
        if (request.stop().tokens().contains(token)) {
            return finish(FinishReason.STOP, NO_LABELS, events);
        }
        text.append(token);
        generated++;
        events.add(new SequenceEvent.Token(group.id(), index, token, labels));
        if (stops.completes(bytes.of(token))) {
            return finish(FinishReason.STOP, NO_LABELS, events);
        }
        return generated == request.maxNewTokens() && force(FinishReason.LENGTH, events);
    }

    /** Stops generating and says whether the sequence has ended. */
    boolean conclude(List<SequenceEvent> events) {
        return ending == null && force(FinishReason.CONCLUDED, events);
    }

    private boolean force(FinishReason reason, List<SequenceEvent> events) {
        if (request.forced().length == 0) {
            return finish(reason, NO_LABELS, events);
        }
        text.append(request.forced());
        ending = reason;
        return false;
    }

    private boolean finish(FinishReason reason, float[] labels, List<SequenceEvent> events) {
        events.add(new SequenceEvent.Finished(group.id(), index, reason, labels));
        return true;
    }

    private static boolean hasNaN(float[] values) {
        for (float value : values) {
            if (Float.isNaN(value)) {
                return true;
            }
        }
        return false;
    }
}

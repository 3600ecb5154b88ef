package dev.whyrank.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A language model whose answers are a hash of everything that its slot holds, so that any cross-talk, gap or misplaced
 * token changes them, and which refuses a step that breaks the contract of {@link Step}. A script may answer instead of
 * the hash, for tests that need the model to say something.
 */
public final class ScriptedModel implements LanguageModel {

    /** Answers from a slot's whole history. */
    public interface Script {

        /** The token that follows. */
        int next(int[] history, Sampling sampling);

        /** One natural-log probability for each label id. */
        float[] labels(int[] history);
    }

    private final int slots;
    private final int slotLength;
    private final int vocabulary;
    private final int[] labelIds;
    private final int[][] tokens;
    private final long[][] hashes;
    private final int[] written;
    private final @Nullable Script script;
    private int tokenBudget = Integer.MAX_VALUE;
    private Consumer<Step> beforeStep = step -> {};
    private boolean closed;

    /** A model that answers by hash. */
    public ScriptedModel(int slots, int slotLength, int vocabulary, int... labelIds) {
        this(slots, slotLength, vocabulary, labelIds, null);
    }

    /** A model that answers by a script, or by hash if it is null. */
    public ScriptedModel(int slots, int slotLength, int vocabulary, int[] labelIds, @Nullable Script script) {
        this.slots = slots;
        this.slotLength = slotLength;
        this.vocabulary = vocabulary;
        this.labelIds = labelIds;
        this.script = script;
        tokens = new int[slots][slotLength];
        hashes = new long[slots][slotLength];
        written = new int[slots];
    }

    /** Refuses steps of more tokens. */
    public ScriptedModel tokenBudget(int most) {
        tokenBudget = most;
        return this;
    }

    /** Runs before every step, after its check; may throw to make the step fail, or block. */
    public ScriptedModel beforeStep(Consumer<Step> action) {
        beforeStep = action;
        return this;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int slotLength() {
        return slotLength;
    }

    @Override
    public int vocabularySize() {
        return vocabulary;
    }

    @Override
    public int[] labelIds() {
        return labelIds;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public StepResult run(Step step) {
        require(!closed, "the model is closed");
        check(step);
        try {
            beforeStep.accept(step);
        } catch (RuntimeException | Error e) {
            // As the contract has it: the slots of a failed step are undefined.
            step.chunks().forEach(chunk -> written[chunk.slot()] = 0);
            throw e;
        }
        step.copies().forEach(this::copy);
        List<Step.Chunk> sampled = new ArrayList<>();
        for (Step.Chunk chunk : step.chunks()) {
            write(chunk);
            if (chunk.sampling() != null) {
                sampled.add(chunk);
            }
        }
        return answer(sampled);
    }

    private StepResult answer(List<Step.Chunk> sampled) {
        int[] chosen = new int[sampled.size()];
        float[][] labels = new float[sampled.size()][];
        for (int row = 0; row < chosen.length; row++) {
            Step.Chunk chunk = sampled.get(row);
            Sampling sampling = Objects.requireNonNull(chunk.sampling());
            if (script == null) {
                long hash = hashes[chunk.slot()][written[chunk.slot()] - 1];
                chosen[row] = token(hash, sampling);
                labels[row] = labels(hash);
            } else {
                int[] history = Arrays.copyOf(tokens[chunk.slot()], written[chunk.slot()]);
                chosen[row] = script.next(history, sampling);
                labels[row] = script.labels(history);
            }
        }
        return new StepResult(chosen, labels);
    }

    private void copy(Step.PrefixCopy copy) {
        System.arraycopy(tokens[copy.from()], 0, tokens[copy.to()], 0, copy.length());
        System.arraycopy(hashes[copy.from()], 0, hashes[copy.to()], 0, copy.length());
        written[copy.to()] = copy.length();
    }

    private void write(Step.Chunk chunk) {
        int slot = chunk.slot();
        int position = chunk.position();
        long hash = position == 0 ? 0 : hashes[slot][position - 1];
        for (int token : chunk.tokens()) {
            hash = extend(hash, token);
            tokens[slot][position] = token;
            hashes[slot][position] = hash;
            position++;
        }
        written[slot] = position;
    }

    /** The token that a model of this kind chooses after a history. */
    public int expectedToken(int[] history, Sampling sampling) {
        return token(hash(history), sampling);
    }

    /** The label log probabilities of a model of this kind after a history. */
    public float[] expectedLabels(int[] history) {
        return labels(hash(history));
    }

    private static long hash(int[] history) {
        long hash = 0;
        for (int token : history) {
            hash = extend(hash, token);
        }
        return hash;
    }

    private static long extend(long hash, int token) {
        long word = (hash ^ token) * 0x2545F4914F6CDD1DL + 0x632BE59BD9B4E019L;
        return word ^ (word >>> 29);
    }

    private int token(long hash, Sampling sampling) {
        long word = hash;
        if (sampling.temperature() > 0) {
            word = extend(word, Float.floatToIntBits(sampling.uniform()));
            word = extend(word, Float.floatToIntBits(sampling.temperature()));
            word = extend(word, Float.floatToIntBits(sampling.topP()));
        }
        return Math.floorMod(word >>> 7, vocabulary);
    }

    private float[] labels(long hash) {
        float[] labels = new float[labelIds.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = -((extend(hash, labelIds[i]) >>> 12) & 0xffff) / 4096f;
        }
        return labels;
    }

    private void check(Step step) {
        require(!step.chunks().isEmpty(), "a step without chunks");
        require(step.tokenCount() <= tokenBudget, "a step of more tokens than the budget");
        int[] after = written.clone();
        boolean[] target = new boolean[slots];
        boolean[] source = new boolean[slots];
        for (Step.PrefixCopy copy : step.copies()) {
            checkCopy(copy, target);
            source[copy.from()] = true;
            after[copy.to()] = copy.length();
        }
        boolean[] seen = new boolean[slots];
        for (Step.Chunk chunk : step.chunks()) {
            checkChunk(chunk, after, seen);
            require(!source[chunk.slot()], "a chunk in slot " + chunk.slot() + ", which is copied from");
        }
        for (int slot = 0; slot < slots; slot++) {
            require(!target[slot] || seen[slot], "a copy into slot " + slot + " that no chunk continues");
            require(!target[slot] || !source[slot], "slot " + slot + " is copied from and into");
        }
    }

    private void checkCopy(Step.PrefixCopy copy, boolean[] target) {
        requireSlot(copy.from());
        requireSlot(copy.to());
        require(copy.length() > 0, "a copy of nothing");
        require(copy.length() <= written[copy.from()], "a copy of more than slot " + copy.from() + " holds");
        require(!target[copy.to()], "two copies into slot " + copy.to());
        target[copy.to()] = true;
    }

    private void checkChunk(Step.Chunk chunk, int[] after, boolean[] seen) {
        requireSlot(chunk.slot());
        require(!seen[chunk.slot()], "two chunks in slot " + chunk.slot());
        seen[chunk.slot()] = true;
        require(chunk.tokens().length > 0, "an empty chunk");
        require(chunk.position() >= 0, "a negative position");
        require(chunk.position() <= after[chunk.slot()], "a gap before position " + chunk.position());
        require(chunk.position() + chunk.tokens().length <= slotLength, "a chunk beyond the end of its slot");
        for (int token : chunk.tokens()) {
            require(token >= 0 && token < vocabulary, "token " + token + " outside the vocabulary");
        }
        Sampling sampling = chunk.sampling();
        require(sampling == null || (sampling.uniform() >= 0 && sampling.uniform() < 1), "a uniform outside [0, 1)");
    }

    private void requireSlot(int slot) {
        require(slot >= 0 && slot < slots, "slot " + slot + " of " + slots);
    }

    private static void require(boolean condition, String breach) {
        if (!condition) {
            throw new IllegalArgumentException("contract breach: " + breach);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}

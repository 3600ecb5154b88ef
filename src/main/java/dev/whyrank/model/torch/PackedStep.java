package dev.whyrank.model.torch;

import dev.whyrank.model.Sampling;
import dev.whyrank.model.Step;
import dev.whyrank.model.Step.Chunk;
import dev.whyrank.model.StepResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A step laid out as decoder.py takes it: single tokens first, then runs. Plain arrays, no tensors. */
final class PackedStep {

    /** Span is rounded up to this, so that sizes, and with them the memory that libtorch reuses, vary less. */
    private static final int SPAN_UNIT = 32;

    private final List<Chunk> chunks;
    private final int decodes;
    private final long[] tokens;
    private final long[] positions;
    private final long[] slots;
    private final List<Integer> sampledChunks = new ArrayList<>();
    private final List<Integer> lastRows = new ArrayList<>();
    private final int[] places;

    private PackedStep(Step step) {
        chunks = new ArrayList<>(step.chunks());
        // By slot: single tokens that fill the lowest slots without a hole are then the cache's own rows, in order.
        chunks.sort(Comparator.<Chunk, Boolean>comparing(chunk -> chunk.tokens().length > 1)
                .thenComparingInt(Chunk::slot));
        decodes = (int)
                chunks.stream().filter(chunk -> chunk.tokens().length == 1).count();
        int n = step.tokenCount();
        tokens = new long[n];
        positions = new long[n];
        slots = new long[n];
        int row = 0;
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            for (int j = 0; j < chunk.tokens().length; j++, row++) {
                tokens[row] = chunk.tokens()[j];
                positions[row] = (long) chunk.position() + j;
                slots[row] = chunk.slot();
            }
            if (chunk.sampling() != null) {
                sampledChunks.add(i);
                lastRows.add(row - 1);
            }
        }
        places = places(step.chunks());
    }

    static PackedStep of(Step step) {
        return new PackedStep(step);
    }

    /** For each row of the result its place among the step's sampled chunks, in their own order. */
    private int[] places(List<Chunk> original) {
        List<Chunk> sampled =
                original.stream().filter(chunk -> chunk.sampling() != null).toList();
        int[] bySlot = new int[1 + chunks.stream().mapToInt(Chunk::slot).max().orElse(0)];
        for (int i = 0; i < sampled.size(); i++) {
            bySlot[sampled.get(i).slot()] = i;
        }
        return sampledChunks.stream()
                .mapToInt(i -> bySlot[chunks.get(i).slot()])
                .toArray();
    }

    long[] tokens() {
        return tokens;
    }

    long[] positions() {
        return positions;
    }

    long[] slots() {
        return slots;
    }

    int decodes() {
        return decodes;
    }

    /**
     * Rows of the cache that attention reads for single tokens: all up to the highest of their slots when most of those
     * are in use (a dead row costs less than a copy), else 0, for gathering them.
     */
    int denseRows() {
        int rows = 1 + (int) Arrays.stream(slots, 0, decodes).max().orElse(-1);
        return decodes * 2 >= rows ? rows : 0;
    }

    /** Positions that attention reads for single tokens. */
    int span(int slotLength) {
        int longest = 1 + (int) Arrays.stream(positions, 0, decodes).max().orElse(-1);
        return Math.min(slotLength, (longest + SPAN_UNIT - 1) / SPAN_UNIT * SPAN_UNIT);
    }

    long[] runLengths() {
        return runs().mapToLong(chunk -> chunk.tokens().length).toArray();
    }

    long[] runSlots() {
        return runs().mapToLong(Chunk::slot).toArray();
    }

    long[] runContexts() {
        return runs().mapToLong(chunk -> (long) chunk.position() + chunk.tokens().length)
                .toArray();
    }

    private java.util.stream.Stream<Chunk> runs() {
        return chunks.stream().skip(decodes);
    }

    long[] lastRows() {
        return lastRows.stream().mapToLong(Integer::longValue).toArray();
    }

    float[] temperatures() {
        return each(Sampling::temperature);
    }

    float[] topPs() {
        return each(Sampling::topP);
    }

    float[] uniforms() {
        return each(Sampling::uniform);
    }

    boolean sampled() {
        return chunks.stream()
                .anyMatch(chunk -> chunk.sampling() != null && chunk.sampling().temperature() > 0);
    }

    private interface Field {
        float of(Sampling sampling);
    }

    private float[] each(Field field) {
        float[] values = new float[sampledChunks.size()];
        for (int i = 0; i < values.length; i++) {
            Sampling sampling = chunks.get(sampledChunks.get(i)).sampling();
            values[i] = sampling == null ? 0 : field.of(sampling);
        }
        return values;
    }

    /**
     * Turns the rows that came back, in packed order, into the step's order.
     *
     * @param rows [sampled chunks, 2 + labels]: token, its log probability, those of the labels
     */
    StepResult unpack(float[] rows, int labels) {
        int width = 2 + labels;
        int[] chosen = new int[places.length];
        float[][] labelLogProbabilities = new float[places.length][];
        for (int row = 0; row < places.length; row++) {
            chosen[places[row]] = (int) rows[row * width];
            labelLogProbabilities[places[row]] = Arrays.copyOfRange(rows, row * width + 2, (row + 1) * width);
        }
        return new StepResult(chosen, labelLogProbabilities);
    }

    /** Slots whose row is not a number. */
    List<Integer> slotsWithBadNumbers(float[] rows) {
        List<Integer> bad = new ArrayList<>();
        int width = places.length == 0 ? 1 : rows.length / places.length;
        for (int row = 0; row < places.length; row++) {
            if (Float.isNaN(rows[row * width + 1])) {
                bad.add(chunks.get(sampledChunks.get(row)).slot());
            }
        }
        return bad;
    }
}

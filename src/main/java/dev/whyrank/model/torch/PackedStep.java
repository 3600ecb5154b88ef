package dev.whyrank.model.torch;

import dev.whyrank.model.Sampling;
import dev.whyrank.model.Step;
import dev.whyrank.model.Step.Chunk;
import dev.whyrank.model.StepResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chunks of a step laid out as decoder.py takes them: single tokens first, then runs. Plain arrays, no tensors. */
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

    private PackedStep(List<Chunk> part, Map<Integer, Integer> placeOfSlot) {
        chunks = new ArrayList<>(part);
        // By slot: single tokens that fill neighbouring slots without a hole are then the cache's own rows, in order.
        chunks.sort(Comparator.<Chunk, Boolean>comparing(chunk -> chunk.tokens().length > 1)
                .thenComparingInt(Chunk::slot));
        decodes = (int)
                chunks.stream().filter(chunk -> chunk.tokens().length == 1).count();
        int n = chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum();
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
        places = sampledChunks.stream()
                .mapToInt(i -> placeOfSlot.get(chunks.get(i).slot()))
                .toArray();
    }

    /** Lays a step out in parts, at most one for each lane. */
    static List<PackedStep> of(Step step, int lanes) {
        Map<Integer, Integer> placeOfSlot = new HashMap<>();
        for (Chunk chunk : step.chunks()) {
            if (chunk.sampling() != null) {
                placeOfSlot.put(chunk.slot(), placeOfSlot.size());
            }
        }
        return StepParts.of(step, lanes).stream()
                .map(part -> new PackedStep(part, placeOfSlot))
                .toList();
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
     * Rows of the cache that attention reads for single tokens, from {@link #firstRow} on: all up to the highest of their
     * slots when most of those are in use (a dead row costs less than a copy), else 0, for gathering them.
     */
    int denseRows() {
        if (decodes == 0) {
            return 0;
        }
        int rows = (int) (slots[decodes - 1] - slots[0]) + 1;
        return decodes * 2 >= rows ? rows : 0;
    }

    /** The lowest slot of single tokens; 0 when their rows are gathered. */
    int firstRow() {
        return denseRows() == 0 ? 0 : (int) slots[0];
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
     * Puts the rows that came back, in packed order, to their places in the whole step's result.
     *
     * @param rows [sampled chunks, 2 + labels]: token, its log probability, those of the labels
     */
    void unpack(float[] rows, StepResult result) {
        int width = places.length == 0 ? 0 : rows.length / places.length;
        for (int row = 0; row < places.length; row++) {
            result.tokens()[places[row]] = (int) rows[row * width];
            result.labelLogProbabilities()[places[row]] = Arrays.copyOfRange(rows, row * width + 2, (row + 1) * width);
        }
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

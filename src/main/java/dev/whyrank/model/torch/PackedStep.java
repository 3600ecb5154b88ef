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
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chunks of a step laid out as decoder.py takes them: single tokens first, then runs. Plain arrays, no tensors. */
final class PackedStep {

    private final List<Chunk> chunks;
    private final List<DecodeGroup> decodes;
    private final List<Chunk> runs;
    private final long[] tokens;
    private final long[] positions;
    private final long[] slots;
    private final List<Integer> sampledChunks = new ArrayList<>();
    private final List<Integer> lastRows = new ArrayList<>();
    private final int[] places;

    private PackedStep(List<Chunk> part, Map<Integer, Integer> placeOfSlot, CopiedPrefixes prefixes) {
        // By slot: single tokens that fill neighbouring slots without a hole are then the cache's own rows, in order.
        Map<Boolean, List<Chunk>> bySingle = part.stream()
                .sorted(Comparator.comparingInt(Chunk::slot))
                .collect(Collectors.partitioningBy(chunk -> chunk.tokens().length == 1));
        decodes = prefixes.groups(bySingle.getOrDefault(true, List.of()));
        runs = bySingle.getOrDefault(false, List.of());
        chunks = Stream.concat(decodes.stream().flatMap(group -> group.chunks().stream()), runs.stream())
                .toList();
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
    static List<PackedStep> of(Step step, int lanes, CopiedPrefixes prefixes) {
        Map<Integer, Integer> placeOfSlot = new HashMap<>();
        for (Chunk chunk : step.chunks()) {
            if (chunk.sampling() != null) {
                placeOfSlot.put(chunk.slot(), placeOfSlot.size());
            }
        }
        return StepParts.of(step, lanes).stream()
                .map(part -> new PackedStep(part, placeOfSlot, prefixes))
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

    /** A number of each group of single tokens, in the order of their rows. */
    long[] ofDecodes(ToIntFunction<DecodeGroup> number) {
        return decodes.stream().mapToInt(number).asLongStream().toArray();
    }

    long[] decodeSpans(int slotLength) {
        return ofDecodes(group -> group.span(slotLength));
    }

    long[] runLengths() {
        return runs.stream().mapToLong(chunk -> chunk.tokens().length).toArray();
    }

    long[] runSlots() {
        return runs.stream().mapToLong(Chunk::slot).toArray();
    }

    long[] runContexts() {
        return runs.stream()
                .mapToLong(chunk -> (long) chunk.position() + chunk.tokens().length)
                .toArray();
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

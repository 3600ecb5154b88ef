package dev.whyrank.model.torch;

import dev.whyrank.model.Step;
import dev.whyrank.model.Step.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Shares a step's chunks out to lanes. A chunk stays whole, since its tokens attend to each other. */
final class StepParts {

    /** If one part holds more than this many times its even share of tokens, one call with all threads is as fast. */
    private static final double MOST_UNEVEN = 1.3;

    private final List<List<Chunk>> parts = new ArrayList<>();
    private final int[] tokens;

    private StepParts(Step step, int lanes) {
        tokens = new int[lanes];
        Comparator<Chunk> bySlot = Comparator.comparingInt(Chunk::slot);
        List<Chunk> decodes = step.chunks().stream()
                .filter(chunk -> chunk.tokens().length == 1)
                .sorted(bySlot)
                .toList();
        // Neighbouring slots stay together: attention then reads them in place.
        for (int lane = 0; lane < lanes; lane++) {
            int from = decodes.size() * lane / lanes;
            int to = decodes.size() * (lane + 1) / lanes;
            parts.add(new ArrayList<>(decodes.subList(from, to)));
            tokens[lane] = to - from;
        }
        step.chunks().stream()
                .filter(chunk -> chunk.tokens().length > 1)
                .sorted(Comparator.<Chunk>comparingInt(chunk -> -chunk.tokens().length)
                        .thenComparing(bySlot))
                .forEach(this::addToLightest);
    }

    private void addToLightest(Chunk chunk) {
        int lightest = 0;
        for (int lane = 1; lane < tokens.length; lane++) {
            if (tokens[lane] < tokens[lightest]) {
                lightest = lane;
            }
        }
        parts.get(lightest).add(chunk);
        tokens[lightest] += chunk.tokens().length;
    }

    /** Parts that are worth computing side by side, or one with all chunks. None is empty. */
    static List<List<Chunk>> of(Step step, int lanes) {
        StepParts shared = new StepParts(step, lanes);
        int largest = Arrays.stream(shared.tokens).max().orElse(0);
        if (lanes == 1 || (double) largest * lanes > MOST_UNEVEN * step.tokenCount()) {
            return List.of(step.chunks());
        }
        return shared.parts.stream().filter(part -> !part.isEmpty()).toList();
    }
}

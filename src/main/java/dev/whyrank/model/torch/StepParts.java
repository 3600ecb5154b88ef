package dev.whyrank.model.torch;

import dev.whyrank.model.Step;
import dev.whyrank.model.Step.Chunk;
import java.util.Comparator;
import java.util.List;

/** Shares a step's chunks out to lanes. A chunk stays whole, since its tokens attend to each other. */
final class StepParts {

    private static final Comparator<Chunk> BY_SLOT = Comparator.comparingInt(Chunk::slot);
    private static final Comparator<Chunk> LONGEST_FIRST = Comparator.<Chunk>comparingInt(
                    chunk -> chunk.tokens().length)
            .reversed()
            .thenComparing(BY_SLOT);

    private StepParts() {}

    /** Parts that are worth computing side by side, or one with all chunks. None is empty. */
    static List<List<Chunk>> of(Step step, int lanes) {
        if (lanes == 1) {
            return List.of(step.chunks());
        }
        Shares<Chunk> shares = new Shares<>(lanes);
        List<Chunk> decodes = step.chunks().stream()
                .filter(chunk -> chunk.tokens().length == 1)
                .sorted(BY_SLOT)
                .toList();
        for (int i = 0; i < decodes.size(); i++) {
            // Neighbouring slots stay together: attention then reads them in place.
            shares.add(i * lanes / decodes.size(), decodes.get(i), 1);
        }
        step.chunks().stream()
                .filter(chunk -> chunk.tokens().length > 1)
                .sorted(LONGEST_FIRST)
                .forEach(chunk -> shares.add(chunk, chunk.tokens().length));
        return shares.even() ? shares.parts() : List.of(step.chunks());
    }
}

package dev.whyrank.train.tuning;

import dev.whyrank.model.torch.TrainingBatch;
import java.util.List;
import java.util.stream.IntStream;

/** Lays examples out as batches. Pure. */
final class Batches {

    private Batches() {}

    /**
     * The batch whose loss is the sum of {@code weight * mean negative log likelihood of the answer's tokens} over its
     * examples, divided by {@code among}. Prompts have no part in it.
     *
     * @param among examples of the whole step, of which these may be a part
     */
    static TrainingBatch of(List<Example> examples, int among) {
        int width = examples.stream().mapToInt(Example::length).max().orElseThrow() - 1;
        int answers =
                examples.stream().mapToInt(example -> example.answer().length).sum();
        int[][] tokens = new int[examples.size()][];
        int[] rows = new int[answers];
        int[] targets = new int[answers];
        float[] weights = new float[answers];
        int next = 0;
        for (int i = 0; i < tokens.length; i++) {
            Example example = examples.get(i);
            tokens[i] = shifted(example);
            for (int j = 0; j < example.answer().length; j++) {
                rows[next] = i * width + example.prompt().length - 1 + j;
                targets[next] = example.answer()[j];
                weights[next++] = (float) (example.weight() / example.answer().length / among);
            }
        }
        return new TrainingBatch(tokens, rows, targets, weights);
    }

    /** All but the last token: what is read to predict the answer. */
    private static int[] shifted(Example example) {
        return IntStream.concat(IntStream.of(example.prompt()), IntStream.of(example.answer()))
                .limit(example.length() - 1L)
                .toArray();
    }

    /** The rows of a batch at which its examples' labels are predicted. */
    static int[] labelRows(List<Example> examples) {
        int[] at = new int[examples.size()];
        int first = 0;
        for (int i = 0; i < at.length; i++) {
            Example example = examples.get(i);
            at[i] = example.labelAt() < 0 ? -1 : first + example.labelAt();
            first += example.answer().length;
        }
        return at;
    }
}

package dev.whyrank.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.NamedWeights;
import dev.whyrank.model.Precision;
import dev.whyrank.model.ReferenceDecoder;
import dev.whyrank.model.Sampling;
import dev.whyrank.model.Step;
import dev.whyrank.model.TestDevice;
import dev.whyrank.model.TinyWeights;
import dev.whyrank.model.torch.TrainingOptions.Adapter;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TorchTrainerTest {

    private static final long SEED = 5;

    private static final Adapter EVERYWHERE = new Adapter(
            2, 4, 0, Set.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"), SEED);

    private static TorchTrainer load(DecoderConfig config, @Nullable Adapter adapter, boolean checkpointing) {
        return TorchTrainer.load(
                config,
                TinyWeights.of(config, SEED),
                new TrainingOptions(Precision.FLOAT32, TestDevice.NAME, 1, 64, checkpointing, adapter));
    }

    /** Two sequences of different lengths, and some of their positions. */
    private static TrainingBatch batch() {
        int[] a = IntStream.range(0, 9).map(i -> (i * 37 + 5) % 320).toArray();
        int[] b = IntStream.range(0, 6).map(i -> (i * 91 + 8) % 320).toArray();
        return new TrainingBatch(
                new int[][] {a, b}, new int[] {4, 7, 8, 10, 14}, new int[] {17, 200, 5, 99, 310}, new float[] {
                    0.5f, 1f, 0.25f, 2f, 1f
                });
    }

    private static double loss(TorchTrainer trainer) {
        float[] losses = trainer.evaluate(batch()).losses();
        double sum = 0;
        for (int i = 0; i < losses.length; i++) {
            sum += (double) losses[i] * batch().weights()[i];
        }
        return sum;
    }

    /** Moves every tensor that learns along a random direction and compares the slope with the gradient's. */
    private static void assertGradients(TorchTrainer trainer) {
        Random random = new Random(SEED);
        trainer.accumulate(batch(), SEED);
        NamedWeights values = trainer.learned();
        LearnedWeights writable = (LearnedWeights) values;
        for (String name : values.names()) {
            int rows = (int) values.shape(name)[0];
            float[] start = floats(values.rows(name, 0, rows));
            float[] gradient = floats(trainer.gradients().rows(name, 0, rows));
            float[] direction = new float[start.length];
            double length = 0;
            double slope = 0;
            for (int i = 0; i < direction.length; i++) {
                // Half of it along the gradient, so that the slope is not lost in rounding.
                direction[i] = gradient[i];
                length += direction[i] * direction[i];
            }
            double size = Math.sqrt(length / direction.length) + 1e-12;
            for (int i = 0; i < direction.length; i++) {
                direction[i] += (float) (random.nextGaussian() * size);
                slope += (double) direction[i] * gradient[i];
            }
            double norm = 0;
            for (float d : direction) {
                norm += (double) d * d;
            }
            double step = 4e-3 / Math.max(1e-9, Math.sqrt(norm));
            double up = moved(trainer, writable, name, start, direction, step);
            double down = moved(trainer, writable, name, start, direction, -step);
            writable.write(name, 0, FloatBuffer.wrap(start));
            double measured = (up - down) / (2 * step);
            assertThat(measured)
                    .as("slope of %s, seed %d", name, SEED)
                    .isCloseTo(slope, within(0.02 * Math.abs(slope) + 2e-4 / step * 1e-3));
        }
    }

    private static double moved(
            TorchTrainer trainer, LearnedWeights writable, String name, float[] start, float[] direction, double step) {
        float[] there = new float[start.length];
        for (int i = 0; i < there.length; i++) {
            there[i] = (float) (start[i] + step * direction[i]);
        }
        writable.write(name, 0, FloatBuffer.wrap(there));
        return loss(trainer);
    }

    private static float[] floats(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void gradientsOfAllWeightsAgreeWithFiniteDifferences(Family family) {
        try (TorchTrainer trainer = load(TinyWeights.config(family), null, false)) {
            assertGradients(trainer);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void gradientsOfAdaptersAgreeWithFiniteDifferences(Family family) {
        try (TorchTrainer trainer = load(TinyWeights.config(family), EVERYWHERE, false)) {
            // At the start B is zero and A has no gradient: one step makes both matter.
            trainer.accumulate(batch(), SEED);
            trainer.update(new TorchTrainer.Update(1, 0.05, 0, 1e9));
            assertGradients(trainer);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void computesWhatPlainLoopsCompute(Family family) {
        DecoderConfig config = TinyWeights.config(family);
        ReferenceDecoder reference = new ReferenceDecoder(config, TinyWeights.of(config, SEED));
        try (TorchTrainer trainer = load(config, null, false)) {
            float[][] logits = trainer.logits(batch());
            double[] expected = reference.allLogits(batch().tokens()[0])[7];
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) logits[1][i]).isCloseTo(expected[i], within(1e-4));
            }
        }
    }

    @Test
    void servesTheLogitsThatItTrained() {
        DecoderConfig config = TinyWeights.config(Family.QWEN3);
        int[] all = IntStream.range(0, config.vocabulary()).toArray();
        int[] tokens = batch().tokens()[0];
        TrainingBatch last =
                new TrainingBatch(new int[][] {tokens}, new int[] {tokens.length - 1}, new int[] {0}, new float[] {1});
        try (TorchTrainer trainer = load(config, null, false)) {
            for (int step = 1; step <= 5; step++) {
                trainer.accumulate(batch(), step);
                trainer.update(new TorchTrainer.Update(step, 1e-2, 0.01, 1));
            }
            float[] trained = trainer.logits(last)[0];
            TorchOptions options = new TorchOptions(Precision.FLOAT32, TestDevice.NAME, 1, 1, 64, all);
            try (TorchLanguageModel served = TorchLanguageModel.load(config, trainer.learned(), options)) {
                Step step = new Step(List.of(), List.of(new Step.Chunk(0, 0, tokens, Sampling.GREEDY)));
                float[] logProbabilities = served.run(step).labelLogProbabilities()[0];
                double shift = trained[0] - logProbabilities[0];
                for (int i = 0; i < trained.length; i++) {
                    assertThat(trained[i] - logProbabilities[i]).isCloseTo((float) shift, within(1e-4f));
                }
            }
        }
    }

    @Test
    void checkpointingChangesMemoryAndNotGradients() {
        DecoderConfig config = TinyWeights.config(Family.LLAMA);
        for (Adapter adapter : new @Nullable Adapter[] {null, new Adapter(2, 4, 0.3, EVERYWHERE.targets(), SEED)}) {
            try (TorchTrainer whole = load(config, adapter, false);
                    TorchTrainer byBlock = load(config, adapter, true)) {
                for (int step = 1; step <= 3; step++) {
                    assertThat(byBlock.accumulate(batch(), step).losses())
                            .containsExactly(whole.accumulate(batch(), step).losses(), within(1e-4f));
                    TorchTrainer.Update update = new TorchTrainer.Update(step, 1e-2, 0.01, 0.3);
                    assertThat(byBlock.update(update)).isCloseTo(whole.update(update), within(1e-4));
                }
            }
        }
    }

    @Test
    void goesOnFromASavedStateBitForBit() {
        DecoderConfig config = TinyWeights.config(Family.LLAMA);
        Adapter dropping = new Adapter(2, 4, 0.3, EVERYWHERE.targets(), SEED);
        try (TorchTrainer first = load(config, dropping, false);
                TorchTrainer second = load(config, dropping, false)) {
            for (int step = 1; step <= 4; step++) {
                first.accumulate(batch(), step);
                first.update(new TorchTrainer.Update(step, 1e-2, 0.01, 0.3));
            }
            second.restore(first.state());
            for (int step = 5; step <= 8; step++) {
                assertThat(second.accumulate(batch(), step).losses())
                        .containsExactly(first.accumulate(batch(), step).losses());
                TorchTrainer.Update update = new TorchTrainer.Update(step, 1e-2, 0.01, 0.3);
                assertThat(second.update(update)).isEqualTo(first.update(update));
            }
        }
    }

    @Test
    void refusesValuesOfWhatDoesNotLearn() {
        DecoderConfig config = TinyWeights.config(Family.LLAMA);
        try (TorchTrainer wide = load(config, EVERYWHERE, false);
                TorchTrainer narrow = load(config, new Adapter(2, 4, 0, Set.of("q_proj"), SEED), false)) {
            narrow.overwrite(wide.learned(), narrow.learned().names());
            assertThatThrownBy(() ->
                            narrow.overwrite(wide.learned(), wide.learned().names()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("k_proj.lora_A.weight belongs to nothing that can learn here");
        }
    }
}

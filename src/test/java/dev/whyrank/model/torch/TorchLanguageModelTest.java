package dev.whyrank.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.Precision;
import dev.whyrank.model.ReferenceDecoder;
import dev.whyrank.model.Sampling;
import dev.whyrank.model.Step;
import dev.whyrank.model.Step.Chunk;
import dev.whyrank.model.Step.PrefixCopy;
import dev.whyrank.model.StepResult;
import dev.whyrank.model.Stories;
import dev.whyrank.model.TestDevice;
import dev.whyrank.model.TinyWeights;
import dev.whyrank.model.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TorchLanguageModelTest {

    /** All of a model's logits come back as log probabilities when every token is a label. */
    private static TorchLanguageModel load(DecoderConfig config, Weights weights, Precision precision) {
        int[] all = IntStream.range(0, config.vocabulary()).toArray();
        return TorchLanguageModel.load(config, weights, new TorchOptions(precision, TestDevice.NAME, 1, 4, 256, all));
    }

    private static Step step(Chunk... chunks) {
        return new Step(List.of(), List.of(chunks));
    }

    private static Chunk chunk(int slot, int position, int... tokens) {
        return new Chunk(slot, position, tokens, Sampling.GREEDY);
    }

    private static double[] logProbabilities(double[] logits) {
        double max = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(x -> Math.exp(x - max)).sum();
        return Arrays.stream(logits).map(x -> x - max - Math.log(sum)).toArray();
    }

    private static void assertRow(float[] actual, double[] expectedLogits, double tolerance) {
        double[] expected = logProbabilities(expectedLogits);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("token %d", i).isCloseTo(expected[i], within(tolerance));
        }
    }

    @Test
    void reproducesTheLogitsAndAllTwoHundredTokensOfARealModel() {
        try (TorchLanguageModel model = load(Stories.CONFIG, new Stories(), Precision.FLOAT32)) {
            StepResult result = model.run(step(chunk(0, 0, Stories.BEGIN)));
            assertRow(result.labelLogProbabilities()[0], Stories.expectedLogits(), 1e-4);
            int[] expected = Stories.expectedTokens();
            for (int i = 0; i < expected.length; i++) {
                assertThat(result.tokens()[0]).as("token %d", i).isEqualTo(expected[i]);
                result = model.run(step(chunk(0, i + 1, expected[i])));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void agreesWithPlainLoopsForAStepOfDecodeFreshPrefillAndContinuation(Family family) {
        DecoderConfig config = TinyWeights.config(family);
        TinyWeights weights = TinyWeights.of(config, 7);
        ReferenceDecoder reference = new ReferenceDecoder(config, weights);
        int[] a = IntStream.range(0, 20).map(i -> (i * 37 + 5) % 320).toArray();
        int[] b = IntStream.range(0, 15).map(i -> (i * 91 + 8) % 320).toArray();
        int[] c = IntStream.range(0, 30).map(i -> (i * 53 + 1) % 320).toArray();
        try (TorchLanguageModel model = load(config, weights, Precision.FLOAT32)) {
            model.run(step(new Chunk(2, 0, Arrays.copyOf(a, 19), null), new Chunk(0, 0, Arrays.copyOf(c, 12), null)));
            StepResult result =
                    model.run(step(chunk(2, 19, a[19]), chunk(1, 0, b), chunk(0, 12, Arrays.copyOfRange(c, 12, 30))));
            assertRow(result.labelLogProbabilities()[0], reference.logits(a), 1e-4);
            assertRow(result.labelLogProbabilities()[1], reference.logits(b), 1e-4);
            assertRow(result.labelLogProbabilities()[2], reference.logits(c), 1e-4);
        }
    }

    private static TorchLanguageModel loadAsOnAGpu(DecoderConfig config, Weights weights, Precision precision) {
        int[] all = IntStream.range(0, config.vocabulary()).toArray();
        TorchOptions options = new TorchOptions(precision, TestDevice.NAME, 1, 4, 256, all);
        Device device = Torch.device(TestDevice.NAME);
        return TorchLanguageModel.load(config, weights, options, Torch.start(1), device, Linear.PLAIN, 0);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void agreesWithPlainLoopsInTheWayOfAGpu(Family family) {
        DecoderConfig config = TinyWeights.config(family);
        TinyWeights weights = TinyWeights.of(config, 19);
        ReferenceDecoder reference = new ReferenceDecoder(config, weights);
        int[] a = IntStream.range(0, 20).map(i -> (i * 37 + 5) % 320).toArray();
        int[] b = IntStream.range(0, 30).map(i -> (i * 53 + 1) % 320).toArray();
        try (TorchLanguageModel model = loadAsOnAGpu(config, weights, Precision.FLOAT32)) {
            model.run(step(new Chunk(2, 0, Arrays.copyOf(a, 19), null), new Chunk(0, 0, Arrays.copyOf(b, 12), null)));
            StepResult result = model.run(step(chunk(2, 19, a[19]), chunk(0, 12, Arrays.copyOfRange(b, 12, 30))));
            assertRow(result.labelLogProbabilities()[0], reference.logits(a), 1e-4);
            assertRow(result.labelLogProbabilities()[1], reference.logits(b), 1e-4);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void losesLittleInBfloat16InTheWayOfAGpu(Family family) {
        DecoderConfig config = TinyWeights.config(family);
        TinyWeights weights = TinyWeights.of(config, 19);
        double[] expected = logProbabilities(new ReferenceDecoder(config, weights).logits(new int[] {4, 9, 16, 25}));
        try (TorchLanguageModel model = loadAsOnAGpu(config, weights, Precision.BFLOAT16)) {
            model.run(step(new Chunk(1, 0, new int[] {4, 9, 16}, null)));
            float[] row = model.run(step(chunk(1, 3, 25))).labelLogProbabilities()[0];
            double divergence = IntStream.range(0, expected.length)
                    .mapToDouble(i -> Math.exp(expected[i]) * (expected[i] - row[i]))
                    .sum();
            assertThat(divergence).isBetween(-1e-3, 0.01);
        }
    }

    @Test
    void answersInTheOrderOfTheStepWhateverItsSlots() {
        DecoderConfig config = TinyWeights.config(Family.LLAMA);
        TinyWeights weights = TinyWeights.of(config, 13);
        ReferenceDecoder reference = new ReferenceDecoder(config, weights);
        try (TorchLanguageModel model = load(config, weights, Precision.FLOAT32)) {
            model.run(step(chunk(0, 0, 5, 6, 7), chunk(1, 0, 8, 9), chunk(2, 0, 3)));
            StepResult result = model.run(step(chunk(2, 1, 4), chunk(0, 3, 2), chunk(1, 2, 1)));
            assertRow(result.labelLogProbabilities()[0], reference.logits(new int[] {3, 4}), 1e-4);
            assertRow(result.labelLogProbabilities()[1], reference.logits(new int[] {5, 6, 7, 2}), 1e-4);
            assertRow(result.labelLogProbabilities()[2], reference.logits(new int[] {8, 9, 1}), 1e-4);
        }
    }

    @Test
    void continuesACopiedPrefixAsIfItHadComputedIt() {
        DecoderConfig config = TinyWeights.config(Family.LLAMA);
        TinyWeights weights = TinyWeights.of(config, 11);
        ReferenceDecoder reference = new ReferenceDecoder(config, weights);
        int[] tokens = IntStream.range(0, 24).map(i -> (i * 29 + 3) % 320).toArray();
        try (TorchLanguageModel model = load(config, weights, Precision.FLOAT32)) {
            model.run(step(new Chunk(3, 0, Arrays.copyOf(tokens, 20), null)));
            StepResult result = model.run(new Step(
                    List.of(new PrefixCopy(3, 1, 20), new PrefixCopy(3, 0, 20)),
                    List.of(
                            chunk(1, 20, Arrays.copyOfRange(tokens, 20, 24)),
                            chunk(0, 20, Arrays.copyOfRange(tokens, 20, 24)))));
            assertRow(result.labelLogProbabilities()[0], reference.logits(tokens), 1e-4);
            assertRow(result.labelLogProbabilities()[1], reference.logits(tokens), 1e-4);
        }
    }

    /** Weights whose token 300 is not a number. */
    private static Weights withABadToken(TinyWeights weights) {
        return new Weights() {
            @Override
            public boolean contains(String name) {
                return weights.contains(name);
            }

            @Override
            public long[] shape(String name) {
                return weights.shape(name);
            }

            @Override
            public FloatBuffer rows(String name, int from, int to) {
                FloatBuffer rows = weights.rows(name, from, to);
                if (name.equals("model.embed_tokens.weight") && from <= 300 && to > 300) {
                    int width = rows.remaining() / (to - from);
                    for (int i = 0; i < width; i++) {
                        rows.put((300 - from) * width + i, Float.NaN);
                    }
                }
                return rows;
            }
        };
    }

    @Test
    void badNumbersOfAPrefixDoNotReachTheNextTextInASlotThatHeldIt() {
        DecoderConfig config = TinyWeights.config(Family.LLAMA);
        TinyWeights weights = TinyWeights.of(config, 31);
        ReferenceDecoder reference = new ReferenceDecoder(config, weights);
        int[] bad = IntStream.range(0, 20).map(i -> i == 5 ? 300 : i).toArray();
        int[] longer = IntStream.range(0, 30).toArray();
        try (TorchLanguageModel model = load(config, withABadToken(weights), Precision.FLOAT32)) {
            model.run(step(new Chunk(3, 0, bad, null)));
            Step first =
                    new Step(List.of(new PrefixCopy(3, 0, 20), new PrefixCopy(3, 1, 20)), List.of(chunk(0, 20, 7)));
            assertThat(model.run(first).labelLogProbabilities()[0]).contains(Float.NaN);
            model.run(step(chunk(0, 0, longer), chunk(1, 0, 1, 2, 3), chunk(3, 0, 4, 5, 6)));
            StepResult result = model.run(step(chunk(0, 30, 8), chunk(1, 3, 8), chunk(3, 3, 8)));
            assertRow(result.labelLogProbabilities()[1], reference.logits(new int[] {1, 2, 3, 8}), 1e-4);
            assertRow(result.labelLogProbabilities()[2], reference.logits(new int[] {4, 5, 6, 8}), 1e-4);
        }
    }

    @Test
    void badNumbersBehindAPrefixHarmNoOtherThatSharesIt() {
        DecoderConfig config = TinyWeights.config(Family.LLAMA);
        TinyWeights weights = TinyWeights.of(config, 31);
        ReferenceDecoder reference = new ReferenceDecoder(config, weights);
        int[] prefix = IntStream.range(0, 20).toArray();
        int[] good = IntStream.range(0, 22).toArray();
        try (TorchLanguageModel model = load(config, withABadToken(weights), Precision.FLOAT32)) {
            model.run(step(new Chunk(3, 0, prefix, null)));
            model.run(new Step(
                    List.of(new PrefixCopy(3, 0, 20), new PrefixCopy(3, 1, 20)),
                    List.of(chunk(0, 20, 300), chunk(1, 20, 20))));
            StepResult result = model.run(step(chunk(1, 21, 21)));
            assertRow(result.labelLogProbabilities()[0], reference.logits(good), 1e-4);
        }
    }

    /** Copies, single tokens, runs, and positions written anew, in any order, in slots that lie close and apart. */
    @ParameterizedTest
    @EnumSource(Family.class)
    void agreesWithPlainLoopsWhereSlotsShareCopiedPrefixes(Family family) {
        DecoderConfig config = TinyWeights.config(family);
        TinyWeights weights = TinyWeights.of(config, 23);
        ReferenceDecoder reference = new ReferenceDecoder(config, weights);
        int slots = 9;
        int[] all = IntStream.range(0, config.vocabulary()).toArray();
        TorchOptions options = new TorchOptions(Precision.FLOAT32, TestDevice.NAME, 2, slots, 64, all);
        try (TorchLanguageModel model = SharedReads.load(config, weights, options)) {
            Random random = new Random(29);
            int[][] texts = new int[slots][];
            List<Chunk> prefills = new ArrayList<>();
            for (int slot = 0; slot < slots; slot++) {
                texts[slot] = random.ints(6, 0, 320).toArray();
                prefills.add(new Chunk(slot, 0, texts[slot], null));
            }
            model.run(new Step(List.of(), prefills));
            for (int turn = 0; turn < 40; turn++) {
                List<PrefixCopy> copies = new ArrayList<>();
                int from = random.nextInt(slots);
                int length = 1 + random.nextInt(texts[from].length);
                for (int to = 0; to < slots && turn % 4 == 0; to++) {
                    if (to != from && random.nextBoolean()) {
                        copies.add(new PrefixCopy(from, to, length));
                        texts[to] = Arrays.copyOf(texts[from], length);
                    }
                }
                List<Chunk> chunks = new ArrayList<>();
                for (int slot = 0; slot < slots; slot++) {
                    if (random.nextInt(4) > 0) {
                        int position = random.nextInt(12) == 0 ? 0 : Math.min(texts[slot].length, 40);
                        int[] tokens = random.ints(random.nextInt(5) == 0 ? 5 : 1, 0, 320)
                                .toArray();
                        int[] text = Arrays.copyOf(texts[slot], position + tokens.length);
                        System.arraycopy(tokens, 0, text, position, tokens.length);
                        texts[slot] = text;
                        chunks.add(chunk(slot, position, tokens));
                    }
                }
                StepResult result = model.run(new Step(copies, chunks));
                for (int i = 0; i < chunks.size(); i++) {
                    double[] expected = reference.logits(texts[chunks.get(i).slot()]);
                    assertRow(result.labelLogProbabilities()[i], expected, 1e-4);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void losesLittleInLowerPrecisions(Precision precision) {
        assumeThat(TestDevice.holds(precision)).isTrue();
        try (TorchLanguageModel model = load(Stories.CONFIG, new Stories(), precision)) {
            StepResult result = model.run(step(chunk(0, 0, Stories.BEGIN)));
            double[] expected = logProbabilities(Stories.expectedLogits());
            assertThat(result.tokens()[0]).isEqualTo(Stories.expectedTokens()[0]);
            double divergence = IntStream.range(0, expected.length)
                    .mapToDouble(i -> Math.exp(expected[i]) * (expected[i] - result.labelLogProbabilities()[0][i]))
                    .sum();
            assertThat(divergence).isBetween(-1e-6, 0.01);
        }
    }

    @Test
    void samplesTheDistributionItReports() {
        DecoderConfig config = TinyWeights.config(Family.QWEN2);
        try (TorchLanguageModel model = load(config, TinyWeights.of(config, 5), Precision.FLOAT32)) {
            float[] row = model.run(step(chunk(0, 0, 9))).labelLogProbabilities()[0];
            Integer[] order = IntStream.range(0, row.length).boxed().toArray(Integer[]::new);
            Arrays.sort(order, (x, y) -> Float.compare(row[y], row[x]));
            double reached = 0;
            for (int i = 0; i < 5; i++) {
                double probability = Math.exp(row[order[i]]);
                Sampling middle = new Sampling(1f, 1f, (float) (reached + probability / 2));
                int token =
                        model.run(step(new Chunk(0, 0, new int[] {9}, middle))).tokens()[0];
                assertThat(token).as("rank %d", i).isEqualTo(order[i]);
                reached += probability;
            }
            Sampling nucleus = new Sampling(1f, 1e-4f, 0.999f);
            assertThat(model.run(step(new Chunk(0, 0, new int[] {9}, nucleus))).tokens()[0])
                    .isEqualTo(order[0]);
        }
    }
}

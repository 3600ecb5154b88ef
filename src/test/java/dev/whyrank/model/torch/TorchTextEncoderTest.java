package dev.whyrank.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.whyrank.checkpoint.OnnxWeights;
import dev.whyrank.model.EncoderConfig;
import dev.whyrank.model.MiniLmExpectations;
import dev.whyrank.model.MiniLmExpectations.Pair;
import dev.whyrank.model.MiniLmExpectations.Text;
import dev.whyrank.model.Precision;
import dev.whyrank.model.ReferenceEncoder;
import dev.whyrank.model.TestDevice;
import dev.whyrank.model.TinyWeights;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TorchTextEncoderTest {

    private static TorchTextEncoder miniLm(Precision precision) {
        return TorchTextEncoder.load(
                EncoderConfig.ALL_MINILM_L6_V2,
                OnnxWeights.resource("all-minilm-l6-v2.onnx"),
                precision,
                TestDevice.NAME,
                1);
    }

    private static double cosine(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    @Test
    void givesTheKnownVectorsOfTheEmbeddedModelForABatchOfMixedLengths() {
        List<Pair> pairs = MiniLmExpectations.pairs();
        List<Text> texts = pairs.stream().flatMap(pair -> pair.texts().stream()).toList();
        try (TorchTextEncoder encoder = miniLm(Precision.FLOAT32)) {
            float[][] vectors = encoder.encode(texts.stream().map(Text::tokens).toList());
            for (int i = 0; i < pairs.size(); i++) {
                assertThat(cosine(vectors[2 * i], vectors[2 * i + 1]))
                        .as("pair %d", i)
                        .isCloseTo(pairs.get(i).cosine(), within(1e-5));
            }
            for (int i = 0; i < vectors.length; i++) {
                for (int j = 0; j < vectors[i].length; j++) {
                    assertThat((double) vectors[i][j])
                            .as("text %d, element %d", i, j)
                            .isCloseTo(texts.get(i).vector()[j], within(1e-5));
                }
            }
        }
    }

    @Test
    void agreesWithPlainLoopsForAnyShape() {
        EncoderConfig config = TinyWeights.encoderConfig();
        TinyWeights weights = TinyWeights.of(config, 3);
        int[] tokens = IntStream.range(0, 17)
                .map(i -> (i * 31 + 2) % config.vocabulary())
                .toArray();
        double[] expected = new ReferenceEncoder(config, weights).encode(tokens);
        try (TorchTextEncoder encoder = TorchTextEncoder.load(config, weights, Precision.FLOAT32, TestDevice.NAME, 1)) {
            float[] actual = encoder.encode(List.of(new int[] {1, 2}, tokens))[1];
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-5));
            }
        }
    }

    @Test
    void keepsTheCosinesInInt8() {
        assumeThat(TestDevice.holds(Precision.INT8)).isTrue();
        List<Pair> pairs = MiniLmExpectations.pairs();
        try (TorchTextEncoder encoder = miniLm(Precision.INT8)) {
            for (Pair pair : pairs) {
                float[][] vectors =
                        encoder.encode(pair.texts().stream().map(Text::tokens).toList());
                assertThat(cosine(vectors[0], vectors[1])).isCloseTo(pair.cosine(), within(0.03));
            }
        }
    }
}

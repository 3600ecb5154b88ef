package dev.whyrank.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.checkpoint.OnnxWeights;
import dev.whyrank.model.MiniLmExpectations.Text;
import org.junit.jupiter.api.Test;

class ReferenceEncoderTest {

    @Test
    void agreesWithOnnxRuntimeOnVectorsAndCosines() {
        ReferenceEncoder encoder =
                new ReferenceEncoder(EncoderConfig.ALL_MINILM_L6_V2, OnnxWeights.resource("all-minilm-l6-v2.onnx"));
        assertThat(MiniLmExpectations.pairs()).hasSize(6).allSatisfy(pair -> {
            double[] first = encode(encoder, pair.texts().get(0));
            double[] second = encode(encoder, pair.texts().get(1));
            assertThat(PlainTensors.dot(first, 0, second, 0, first.length)).isCloseTo(pair.cosine(), within(1e-6));
        });
    }

    @Test
    void dependsOnTheOrderOfTokens() {
        EncoderConfig config = TinyWeights.encoderConfig();
        ReferenceEncoder encoder = new ReferenceEncoder(config, TinyWeights.of(config, 7));
        double[] first = encoder.encode(new int[] {5, 6, 7});
        double[] second = encoder.encode(new int[] {7, 6, 5});
        assertThat(PlainTensors.dot(first, 0, first, 0, first.length)).isCloseTo(1, within(1e-12));
        assertThat(PlainTensors.dot(first, 0, second, 0, first.length)).isLessThan(0.999);
    }

    @Test
    void theErrorFunctionHasItsTabulatedValues() {
        assertThat(ReferenceEncoder.erf(0)).isZero();
        assertThat(ReferenceEncoder.erf(0.5)).isCloseTo(0.5204998778130465, within(1e-14));
        assertThat(ReferenceEncoder.erf(1)).isCloseTo(0.8427007929497149, within(1e-14));
        assertThat(ReferenceEncoder.erf(-2)).isCloseTo(-0.9953222650189527, within(1e-14));
        assertThat(ReferenceEncoder.erf(7)).isOne();
    }

    private static double[] encode(ReferenceEncoder encoder, Text text) {
        double[] vector = encoder.encode(text.tokens());
        assertThat(vector).hasSameSizeAs(text.vector());
        for (int i = 0; i < vector.length; i++) {
            assertThat(vector[i]).as("component %d of: %s", i, text.text()).isCloseTo(text.vector()[i], within(2e-6));
        }
        return vector;
    }
}

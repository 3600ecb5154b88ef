package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWeightsTest {

    private static final float[] SIX = {1, 2, 3, 4, 5, 6};

    @TempDir
    private Path directory;

    @Test
    void readsNamedTensorsByRows() {
        OnnxWeights weights = open(wellFormed());
        assertThat(weights.shape("norm.weight")).containsExactly(3);
        assertThat(floats(weights.rows("norm.weight", 1, 3))).containsExactly(8f, 9f);
        assertThat(weights.shape("table")).containsExactly(3, 2);
        assertThat(floats(weights.rows("table", 1, 3))).containsExactly(3f, 4f, 5f, 6f);
        assertThat(floats(weights.rows("table", 2, 2))).isEmpty();
        assertThat(weights.rows("table", 0, 3).isDirect()).isTrue();
    }

    @Test
    void offersAMatrixTurnedBackUnderItsCheckpointName() {
        OnnxWeights weights = open(wellFormed());
        assertThat(weights.shape("layer.0.dense.weight")).containsExactly(3, 2);
        assertThat(floats(weights.rows("layer.0.dense.weight", 0, 3))).containsExactly(1f, 4f, 2f, 5f, 3f, 6f);
        assertThat(floats(weights.rows("layer.0.dense.weight", 1, 2))).containsExactly(2f, 5f);
    }

    @Test
    void leavesOutProductsOfActivationsAndOtherNumberTypes() {
        OnnxWeights weights = open(wellFormed());
        assertThat(weights.contains("layer.0.scores.weight")).isFalse();
        assertThat(weights.contains("position_ids")).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.shape("position_ids"))
                .withMessageContaining("model.onnx")
                .withMessageContaining("position_ids");
        assertThatIllegalArgumentException().isThrownBy(() -> weights.rows("table", 2, 4));
    }

    @Test
    void readsPackedNumbersToo() {
        OnnxBytes tensor = new OnnxBytes()
                .raw(1, new byte[] {2, 3})
                .number(2, 1)
                .text(8, "packed")
                .raw(4, OnnxBytes.floats(SIX));
        OnnxWeights weights = open(OnnxBytes.model(new OnnxBytes().message(5, tensor)));
        assertThat(weights.shape("packed")).containsExactly(2, 3);
        assertThat(floats(weights.rows("packed", 1, 2))).containsExactly(4f, 5f, 6f);
    }

    @Test
    void refusesWhatIsNoOnnxFile() {
        rejected("<html>not found</html>".getBytes(StandardCharsets.UTF_8), "not a readable ONNX file");
        rejected(new byte[0], "no graph");
        rejected(new OnnxBytes().claim(7, Long.MAX_VALUE).bytes(), "longer than the rest");
        rejected(new OnnxBytes().claim(7, -1).bytes(), "longer than the rest");
        rejected(new byte[] {(byte) 0x80}, "in the middle of a number");
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0xff);
        rejected(endless, "longer than ten bytes");
    }

    @Test
    void refusesTensorsThatDoNotFitTheirData() {
        rejected(withTensor(OnnxBytes.tensor("w", SIX, 2, 4)), "w of shape [2, 4] has 24 bytes instead of 32");
        rejected(withTensor(OnnxBytes.tensor("w", SIX, -1, -6)), "impossible");
        rejected(withTensor(OnnxBytes.tensor("w", SIX, 1L << 62, 4, 6)), "impossible");
        rejected(withTensor(OnnxBytes.tensor("w", SIX, 65536, 65536, 65536, 65536)), "impossible");
        rejected(withTensor(OnnxBytes.header("w", 1, 6)), "the data of w is not inside it");
        rejected(withTensor(OnnxBytes.tensor("w", SIX, 6).number(14, 1)), "the data of w is not inside it");
        rejected(withTensor(OnnxBytes.header("w", 1, 1).fixed32(4, 0)), "wire type 5");
        OnnxBytes tensor = OnnxBytes.tensor("w", SIX, 6);
        rejected(OnnxBytes.model(new OnnxBytes().message(5, tensor).message(5, tensor)), "two tensors w");
    }

    @Test
    void opensAFile() throws IOException {
        Path file = Files.write(directory.resolve("small.onnx"), wellFormed());
        assertThat(floats(OnnxWeights.open(file).rows("table", 0, 1))).containsExactly(1f, 2f);
        Files.write(file, new byte[0]);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> OnnxWeights.open(file))
                .withMessageContaining("small.onnx");
    }

    @Test
    void namesTheFileOrResourceThatIsMissing() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> OnnxWeights.open(directory.resolve("absent.onnx")))
                .withMessageContaining("absent.onnx");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> OnnxWeights.resource("absent.onnx"))
                .withMessageContaining("absent.onnx");
    }

    @Test
    void survivesEveryTruncation() {
        byte[] model = wellFormed();
        int refused = 0;
        for (int length = 0; length < model.length; length++) {
            refused += isRefused(Arrays.copyOf(model, length)) ? 1 : 0;
        }
        // Only the short metadata after the graph can be missing without harm.
        assertThat(refused).isGreaterThan(model.length - 5);
    }

    @Test
    void damageIsRefusedOrHarmless() {
        byte[] model = wellFormed();
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = model.clone();
            for (int k = 0; k <= i % 3; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            refused += isRefused(damaged) ? 1 : 0;
        }
        assertThat(refused).as("seed 11").isBetween(500, 1_999);
    }

    @Test
    void theEmbeddedEncoderHasAllItsTensors() {
        OnnxWeights weights = OnnxWeights.resource("all-minilm-l6-v2.onnx");
        assertThat(weights.shape("embeddings.word_embeddings.weight")).containsExactly(30522, 384);
        assertThat(weights.shape("embeddings.position_embeddings.weight")).containsExactly(512, 384);
        IntStream.range(0, 6).mapToObj(layer -> "encoder.layer." + layer + ".").forEach(layer -> {
            for (String name : List.of("attention.self.query", "attention.self.key", "attention.self.value")) {
                assertThat(weights.shape(layer + name + ".weight")).containsExactly(384, 384);
                assertThat(weights.shape(layer + name + ".bias")).containsExactly(384);
            }
            assertThat(weights.shape(layer + "attention.output.dense.weight")).containsExactly(384, 384);
            assertThat(weights.shape(layer + "intermediate.dense.weight")).containsExactly(1536, 384);
            assertThat(weights.shape(layer + "output.dense.weight")).containsExactly(384, 1536);
            assertThat(weights.shape(layer + "output.LayerNorm.weight")).containsExactly(384);
        });
    }

    /** A model with a matrix product by a stored matrix of shape [2, 3]. */
    private static byte[] wellFormed() {
        return OnnxBytes.model(new OnnxBytes()
                .message(1, OnnxBytes.node("MatMul", "/layer.0/dense/MatMul", "x", "onnx::MatMul_7"))
                .message(1, OnnxBytes.node("MatMul", "/layer.0/scores/MatMul", "q", "k"))
                .message(1, OnnxBytes.node("Add", "/layer.0/dense/Add", "x", "norm.weight"))
                .message(5, OnnxBytes.tensor("norm.weight", new float[] {7, 8, 9}, 3))
                .message(5, OnnxBytes.tensor("table", SIX, 3, 2))
                .message(5, OnnxBytes.header("position_ids", 7, 1).raw(9, new byte[8]))
                .message(5, OnnxBytes.tensor("onnx::MatMul_7", SIX, 2, 3)));
    }

    private static byte[] withTensor(OnnxBytes tensor) {
        return OnnxBytes.model(new OnnxBytes().message(5, tensor));
    }

    private static OnnxWeights open(byte[] content) {
        return new OnnxWeights("model.onnx", ByteBuffer.wrap(content));
    }

    /** Whether the file is refused; if it is not, every row of a tensor it still has can be read. */
    private static boolean isRefused(byte[] content) {
        try {
            OnnxWeights weights = open(content);
            for (String name : List.of("table", "norm.weight", "layer.0.dense.weight")) {
                if (weights.contains(name)) {
                    long[] shape = weights.shape(name);
                    weights.rows(name, 0, shape.length == 0 ? 1 : (int) shape[0]);
                }
            }
            return false;
        } catch (InvalidInputException e) {
            assertThat(e).hasMessageContaining("model.onnx");
            return true;
        }
    }

    private static void rejected(byte[] content, String why) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> open(content))
                .withMessageContaining("model.onnx")
                .withMessageContaining(why);
    }

    private static float[] floats(FloatBuffer buffer) {
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }
}

package dev.whyrank.checkpoint;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Any bytes as an ONNX file, every row of every tensor read. */
public class OnnxFuzzTest {

    private static final String FILE = "fuzz.onnx";
    private static final int MANY_ROWS = 64;

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.inTime(() -> Fuzzed.refusable(FILE, () -> {
            OnnxGraph graph = OnnxGraph.parse(FILE, ByteBuffer.wrap(input));
            OnnxWeights weights = new OnnxWeights(FILE, ByteBuffer.wrap(input));
            graph.tensors().keySet().forEach(name -> read(weights, name));
        }));
    }

    private static void read(OnnxWeights weights, String name) {
        long[] shape = weights.shape(name);
        int height = shape.length == 0 ? 1 : (int) Math.min(shape[0], MANY_ROWS);
        for (int row = 0; row < height; row++) {
            weights.rows(name, row, row + 1);
        }
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}

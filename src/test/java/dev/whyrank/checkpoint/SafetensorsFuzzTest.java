package dev.whyrank.checkpoint;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import java.nio.FloatBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Any bytes as a safetensors file, every row of every tensor read. */
public class SafetensorsFuzzTest {

    private static final int MANY_ROWS = 64;

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.file("fuzz.safetensors", input, file -> {
            Safetensors tensors = Safetensors.ofFile(file);
            tensors.names().forEach(name -> read(tensors, name));
        });
    }

    private static void read(Safetensors tensors, String name) {
        tensors.requireReadable(name);
        long[] shape = tensors.shape(name);
        int height = shape.length == 0 ? 1 : (int) Math.min(shape[0], MANY_ROWS);
        long width = 1;
        for (int i = 1; i < shape.length; i++) {
            width *= shape[i];
        }
        for (int row = 0; row < height; row++) {
            FloatBuffer read = tensors.rows(name, row, row + 1);
            if (read.remaining() != width) {
                throw new AssertionError(name + ": a row of " + read.remaining() + " numbers instead of " + width);
            }
        }
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}

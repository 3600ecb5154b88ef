package dev.whyrank.checkpoint;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import dev.whyrank.model.Weights;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Any bytes as an adapter: up to the first 0 its {@code adapter_config.json}, then its weights, merged into a small
 * matrix.
 */
public class LoraFuzzTest {

    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final int SIZE = 4;

    /** A model with one matrix. */
    private static final class Matrix implements Weights {

        @Override
        public boolean contains(String name) {
            return name.equals("q.weight");
        }

        @Override
        public long[] shape(String name) {
            return new long[] {SIZE, SIZE};
        }

        @Override
        public FloatBuffer rows(String name, int from, int to) {
            return FloatBuffer.allocate((to - from) * SIZE);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        int border = 0;
        while (border < input.length && input[border] != 0) {
            border++;
        }
        byte[] config = Arrays.copyOf(input, border);
        Fuzzed.file(CONFIG, config, LoraConfig::read);
        byte[] weights = Arrays.copyOfRange(input, Math.min(input.length, border + 1), input.length);
        Path folder = Fuzzed.file(WEIGHTS, weights).resolveSibling("");
        Fuzzed.inTime(() -> Fuzzed.refusable(
                "adapter_",
                () -> LoraWeights.open(new Matrix(), folder, name -> true).rows("q.weight", 0, SIZE)));
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}

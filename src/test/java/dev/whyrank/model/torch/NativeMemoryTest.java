package dev.whyrank.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.Precision;
import dev.whyrank.model.ResidentMemory;
import dev.whyrank.model.Sampling;
import dev.whyrank.model.Step;
import dev.whyrank.model.Step.Chunk;
import dev.whyrank.model.Step.PrefixCopy;
import dev.whyrank.model.TestDevice;
import dev.whyrank.model.TinyWeights;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeMemoryTest {

    /** One layer: what leaks would leak per step, not per layer. */
    private static final DecoderConfig CONFIG =
            new DecoderConfig(Family.LLAMA, 1, 48, 6, 2, 16, 80, 320, 64, 1e-5, 500.0, null, true);

    private static TorchLanguageModel load() {
        TorchOptions options = new TorchOptions(Precision.FLOAT32, TestDevice.NAME, 1, 3, 64, new int[] {1, 2});
        return TorchLanguageModel.load(CONFIG, TinyWeights.of(CONFIG, 1), options);
    }

    /** One whole short life of two sequences that share a prefix: prefill, copy, continuation, decode. */
    private static void live(TorchLanguageModel model) {
        model.run(new Step(List.of(), List.of(new Chunk(2, 0, new int[] {1, 2, 3}, null))));
        model.run(new Step(
                List.of(new PrefixCopy(2, 0, 3), new PrefixCopy(2, 1, 3)),
                List.of(
                        new Chunk(0, 3, new int[] {4, 5}, Sampling.GREEDY),
                        new Chunk(1, 3, new int[] {6}, new Sampling(1f, 0.9f, 0.5f)))));
        model.run(new Step(
                List.of(),
                List.of(
                        new Chunk(0, 5, new int[] {7}, Sampling.GREEDY),
                        new Chunk(1, 4, new int[] {8}, Sampling.GREEDY))));
    }

    @Test
    void noStepLeavesANativeArrayBehind() {
        try (TorchLanguageModel model = load()) {
            live(model);
            long before = model.liveArrays();
            for (int i = 0; i < 50; i++) {
                live(model);
            }
            assertThat(model.liveArrays()).isEqualTo(before);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tenThousandSequencesLeaveResidentMemoryFlat() throws IOException {
        try (TorchLanguageModel model = load()) {
            for (int i = 0; i < 1000; i++) {
                live(model);
            }
            long before = ResidentMemory.anonymousKibibytes();
            for (int i = 0; i < 5000; i++) {
                live(model);
            }
            assertThat(ResidentMemory.anonymousKibibytes() - before)
                    .as("KiB grown")
                    .isLessThan(40_000);
        }
    }
}

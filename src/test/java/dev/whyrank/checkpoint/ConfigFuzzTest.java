package dev.whyrank.checkpoint;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import dev.whyrank.model.DecoderConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Any bytes as the {@code config.json} of a model and of a reward model. */
public class ConfigFuzzTest {

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.file("config.json", input, file -> requireUsable(ConfigReader.read(file)));
        Fuzzed.file("config.json", input, file -> requireUsable(ConfigReader.read(file, ConfigReader.Head.REWARD)));
    }

    private static void requireUsable(DecoderConfig config) {
        boolean usable = config.layers() > 0
                && config.hidden() > 0
                && config.headDim() % 2 == 0
                && config.heads() % config.kvHeads() == 0
                && config.ropeTheta() > 0
                && Double.isFinite(config.ropeTheta());
        if (!usable) {
            throw new AssertionError("let through: " + config);
        }
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}

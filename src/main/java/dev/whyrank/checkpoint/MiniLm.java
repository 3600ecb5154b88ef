package dev.whyrank.checkpoint;

import dev.whyrank.model.EncoderConfig;
import dev.whyrank.model.Precision;
import dev.whyrank.model.torch.TorchTextEncoder;
import dev.whyrank.tokenize.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * all-MiniLM-L6-v2, whose weights and tokenizer come in a Maven artifact. Its 22 million parameters are served in
 * float32 whatever the setting, because that is fast enough.
 *
 * @param encoder belongs to whoever takes it, like the tokenizer
 * @param tokenizer whose {@code [CLS]} and {@code [SEP]} stand around each text
 */
public record MiniLm(TorchTextEncoder encoder, Tokenizer tokenizer) {

    /** The name that results report. */
    public static final String NAME = "all-minilm-l6-v2";

    /** Tokens that the model was trained to read at once; its table has more positions, but they mean little. */
    public static final int WINDOW = 256;

    /**
     * Loads it.
     *
     * @param device {@code auto}, {@code cpu} or {@code cuda:N}
     * @param threads of libtorch on CPU
     */
    public static MiniLm load(String device, int threads) {
        Tokenizer tokenizer = Tokenizer.open(resource(NAME + "-tokenizer.json"), NAME + "-tokenizer.json");
        TorchTextEncoder encoder = TorchTextEncoder.load(
                EncoderConfig.ALL_MINILM_L6_V2,
                OnnxWeights.resource(NAME + ".onnx"),
                Precision.FLOAT32,
                device,
                threads);
        return new MiniLm(encoder, tokenizer);
    }

    private static byte[] resource(String name) {
        try (InputStream in = MiniLm.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

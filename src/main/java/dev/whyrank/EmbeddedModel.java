package dev.whyrank;

import dev.whyrank.checkpoint.OnnxWeights;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.model.EncoderConfig;
import dev.whyrank.model.Precision;
import dev.whyrank.model.torch.TorchTextEncoder;
import dev.whyrank.rerank.EvidenceJudge;
import dev.whyrank.rerank.OrdinalScale;
import dev.whyrank.rerank.TokenCodec;
import dev.whyrank.tokenize.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The model that needs no download: all-MiniLM-L6-v2, whose weights and tokenizer come in a Maven artifact. Its 22
 * million parameters are served in float32 whatever the setting, because that is fast enough.
 */
final class EmbeddedModel {

    private static final String NAME = "all-minilm-l6-v2";

    /** Tokens that the model was trained to read at once; its table has more positions, but they mean little. */
    private static final int WINDOW = 256;

    private EmbeddedModel() {}

    static LocalModel.Parts load(WhyrankProperties.Engine settings, EngineListener listener) {
        Tokenizer tokenizer = Tokenizer.open(resource(NAME + "-tokenizer.json"), NAME + "-tokenizer.json");
        TorchTextEncoder encoder = TorchTextEncoder.load(
                EncoderConfig.ALL_MINILM_L6_V2,
                OnnxWeights.resource(NAME + ".onnx"),
                Precision.FLOAT32,
                settings.device(),
                settings.resolvedThreads());
        GenerationEngine engine = GenerationEngine.encoding(encoder, EngineSettings.DEFAULT, listener);
        EvidenceJudge.Frame frame =
                new EvidenceJudge.Frame(tokenizer.encodeMarkup("[CLS]"), tokenizer.encodeMarkup("[SEP]"), WINDOW);
        EvidenceJudge judge = new EvidenceJudge(engine::encode, TokenCodec.of(tokenizer), frame, OrdinalScale.MINILM);
        return new LocalModel.Parts(NAME, judge, Optional.empty(), engine, tokenizer::close);
    }

    private static byte[] resource(String name) {
        try (InputStream in = EmbeddedModel.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

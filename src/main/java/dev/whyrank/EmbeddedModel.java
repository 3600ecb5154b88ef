package dev.whyrank;

import dev.whyrank.checkpoint.MiniLm;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.rerank.EvidenceJudge;
import dev.whyrank.rerank.OrdinalScale;
import dev.whyrank.rerank.TokenCodec;
import dev.whyrank.tokenize.Tokenizer;
import java.util.List;
import java.util.Optional;

/** The model that needs no download: all-MiniLM-L6-v2, judging by evidence. */
final class EmbeddedModel {

    /** It has no slots; so many texts fill its batches. */
    private static final int DOCUMENTS = 64;

    private EmbeddedModel() {}

    static LocalModel.Parts load(WhyrankProperties properties, EngineListener listener) {
        WhyrankProperties.Engine settings = properties.engine();
        MiniLm model = MiniLm.load(settings.device(), settings.resolvedThreads());
        Tokenizer tokenizer = model.tokenizer();
        GenerationEngine engine = GenerationEngine.encoding(model.encoder(), EngineSettings.DEFAULT, listener);
        EvidenceJudge judge = new EvidenceJudge(
                engine::encode,
                TokenCodec.of(tokenizer),
                new EvidenceJudge.Frame(
                        tokenizer.encodeMarkup("[CLS]"), tokenizer.encodeMarkup("[SEP]"), MiniLm.WINDOW),
                OrdinalScale.minilm(),
                properties.evidence().analyzer());
        return new LocalModel.Parts(
                MiniLm.NAME,
                List.of(MiniLm.NAME),
                judge,
                Optional.empty(),
                Optional.of(engine),
                new LocalModel.Capacity(DOCUMENTS, MiniLm.WINDOW),
                tokenizer::close);
    }
}

package dev.whyrank.rerank;

import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.model.ScriptedModel;
import dev.whyrank.rerank.GenerativeJudge.Asking;
import dev.whyrank.tokenize.LabelCodes;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A reranker as it is served, real engine, worker threads and deadlines, over a model that computes nothing and writes
 * one byte a token.
 */
public final class ScriptedReranker implements AutoCloseable {

    private static final int SLOT = 1400;
    private static final int TOKEN_BUDGET = 512;
    private static final int CAPACITY = 100_000;
    private static final long MAX_TOKENS = 10_000_000;

    private final ScriptedModel model;
    private final GenerationEngine engine;
    private final GenerativeJudge judge;
    private final LocalReranker reranker;

    public ScriptedReranker(int slots, EngineListener engines, RerankObserver observer) {
        this(slots, engines, observer, UnaryOperator.identity());
    }

    /** Something stands before the judge. */
    public ScriptedReranker(int slots, EngineListener engines, RerankObserver observer, UnaryOperator<Judge> before) {
        ByteCodec codec = new ByteCodec();
        model = new ScriptedModel(slots, SLOT, ByteCodec.VOCABULARY, Laboratory.LABELS, new Talker());
        engine = GenerationEngine.generating(model, codec, new EngineSettings(TOKEN_BUDGET, CAPACITY, 1, 1), engines);
        judge = new GenerativeJudge(
                engine::submit,
                codec,
                SLOT,
                Set.of(ByteCodec.END),
                asking(codec, PromptFormat.interankExplain(Laboratory.CHAT)),
                asking(codec, PromptFormat.interankLabel(Laboratory.CHAT)));
        reranker = new LocalReranker(
                "scripted", before.apply(judge), new LocalReranker.Settings(MAX_TOKENS, MAX_TOKENS, 2), observer);
    }

    private static Asking asking(ByteCodec codec, PromptFormat format) {
        return new Asking(format, new LabelCodes(codec.encodeMarkup(format.forcedText()), Laboratory.LABELS));
    }

    public LocalReranker reranker() {
        return reranker;
    }

    /** What judges, for whoever asks it without a reranker. */
    public Judge judge() {
        return judge;
    }

    /** The model, for tests that hold its steps up or let them fail. */
    public ScriptedModel model() {
        return model;
    }

    @Override
    public void close() {
        reranker.close();
        engine.close();
    }
}

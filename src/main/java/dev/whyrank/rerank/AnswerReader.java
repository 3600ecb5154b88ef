package dev.whyrank.rerank;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.SequenceListener;
import dev.whyrank.rerank.Judgement.Ending;
import java.util.concurrent.Executor;

/**
 * Hears one document's sequence on the engine's thread and reads it in the request's mailbox. All state but the final
 * fields belongs to the mailbox.
 */
final class AnswerReader implements SequenceListener {

    private final int index;
    private final JudgementParser parser;
    private final LabelSet labels;
    private final boolean explains;
    private final boolean truncated;
    private final Judge.Listener listener;
    private final Executor mailbox;
    private int promptTokens;
    private int cachedTokens;
    private int completionTokens;

    AnswerReader(
            int index,
            JudgementParser parser,
            LabelSet labels,
            boolean explains,
            boolean truncated,
            Judge.Listener listener,
            Executor mailbox) {
        this.index = index;
        this.parser = parser;
        this.labels = labels;
        this.explains = explains;
        this.truncated = truncated;
        this.listener = listener;
        this.mailbox = mailbox;
    }

    @Override
    public void started(int promptTokens, int cachedTokens) {
        mailbox.execute(() -> {
            this.promptTokens = promptTokens;
            this.cachedTokens = cachedTokens;
            listener.started(index, promptTokens, cachedTokens, truncated);
        });
    }

    @Override
    public void token(int token, float[] labelLogProbabilities) {
        mailbox.execute(() -> {
            completionTokens++;
            tell(parser.accept(token, labelLogProbabilities));
        });
    }

    @Override
    public void finished(FinishReason reason, float[] labelLogProbabilities) {
        mailbox.execute(() -> {
            if (reason == FinishReason.CANCELLED) {
                listener.withdrawn(index);
            } else {
                judge(reason, labelLogProbabilities);
            }
        });
    }

    @Override
    public void failed(RuntimeException cause) {
        EngineFailure failure = EngineFailure.of(cause);
        mailbox.execute(() -> listener.failed(index, failure.code(), failure.message()));
    }

    private void judge(FinishReason reason, float[] forced) {
        JudgementParser.Verdict verdict = parser.finish(reason != FinishReason.STOP, forced);
        tell(verdict.rest());
        Judgement.Usage usage = new Judgement.Usage(promptTokens, cachedTokens, completionTokens);
        listener.judged(index, Judgements.read(verdict, labels, ending(reason), truncated, usage));
    }

    /** An answer that was to be a label and nothing else was not cut short. */
    private Ending ending(FinishReason reason) {
        return switch (reason) {
            case LENGTH -> explains ? Ending.LENGTH : Ending.STOP;
            case CONCLUDED -> Ending.DEADLINE;
            case STOP, CANCELLED -> Ending.STOP;
        };
    }

    private void tell(String piece) {
        if (!piece.isEmpty()) {
            listener.delta(index, piece);
        }
    }
}

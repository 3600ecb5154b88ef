package dev.whyrank.cli;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.SequenceListener;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Carries a sequence's tokens from the engine's thread to one reader. */
final class TokenStream implements SequenceListener {

    private static final int END = -1;

    private final BlockingQueue<Integer> tokens = new LinkedBlockingQueue<>();
    private volatile @Nullable RuntimeException failure;

    /**
     * Waits for the next token; empty at the end.
     *
     * @throws RuntimeException the sequence's failure
     */
    OptionalInt next() throws InterruptedException {
        int token = tokens.take();
        RuntimeException cause = failure;
        if (token == END && cause != null) {
            throw cause;
        }
        return token == END ? OptionalInt.empty() : OptionalInt.of(token);
    }

    @Override
    public void started(int promptTokens, int cachedTokens) {}

    @Override
    public void token(int token, float[] labelLogProbabilities) {
        tokens.add(token);
    }

    @Override
    public void finished(FinishReason reason, float[] labelLogProbabilities) {
        tokens.add(END);
    }

    @Override
    public void failed(RuntimeException cause) {
        failure = cause;
        tokens.add(END);
    }
}

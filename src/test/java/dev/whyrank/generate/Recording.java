package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Remembers a sequence's life and insists on its order: started, tokens, one end. Readable once it has ended. */
final class Recording implements SequenceListener {

    final List<Integer> tokens = new ArrayList<>();
    final List<float[]> labels = new ArrayList<>();
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch firstToken = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    int promptTokens = -1;
    int cachedTokens;

    @Nullable
    FinishReason reason;

    float[] finalLabels = {};

    @Nullable
    RuntimeException failure;

    @Override
    public void started(int promptTokens, int cachedTokens) {
        require(!isStarted(), "started twice");
        notEnded();
        this.promptTokens = promptTokens;
        this.cachedTokens = cachedTokens;
        started.countDown();
    }

    @Override
    public void token(int token, float[] labelLogProbabilities) {
        require(isStarted(), "a token before the start");
        notEnded();
        tokens.add(token);
        labels.add(labelLogProbabilities);
        firstToken.countDown();
    }

    @Override
    public void finished(FinishReason reason, float[] labelLogProbabilities) {
        notEnded();
        this.reason = reason;
        finalLabels = labelLogProbabilities;
        ended.countDown();
    }

    @Override
    public void failed(RuntimeException cause) {
        notEnded();
        failure = cause;
        ended.countDown();
    }

    void accept(SequenceEvent event) {
        if (event instanceof SequenceEvent.Started started) {
            started(started.promptTokens(), started.cachedTokens());
        } else if (event instanceof SequenceEvent.Token token) {
            token(token.token(), token.labelLogProbabilities());
        } else if (event instanceof SequenceEvent.Finished finished) {
            finished(finished.reason(), finished.labelLogProbabilities());
        } else if (event instanceof SequenceEvent.Failed failed) {
            failed(failed.cause());
        }
    }

    boolean isStarted() {
        return promptTokens >= 0;
    }

    boolean isEnded() {
        return ended.getCount() == 0;
    }

    Recording awaitEnd() {
        try {
            assertThat(ended.await(Patience.SECONDS, TimeUnit.SECONDS))
                    .as("a terminal event")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    private void notEnded() {
        require(!isEnded(), "an event after the end");
    }

    private static void require(boolean condition, String breach) {
        if (!condition) {
            throw new AssertionError(breach);
        }
    }
}

package dev.whyrank.cli;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.SequenceListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One timed request: when its documents' tokens came. Written by the engine's thread, read after {@link #await}. */
final class BenchRound {

    private final List<List<Integer>> tokens;
    private final CountDownLatch open;
    private int unstarted;
    private long begin;
    private long prefilled;
    private long end;
    private int tokensAfterPrefill;
    private @Nullable RuntimeException failure;

    BenchRound(int documents) {
        tokens = Stream.<List<Integer>>generate(ArrayList::new).limit(documents).toList();
        open = new CountDownLatch(documents);
        unstarted = documents;
    }

    void begin() {
        begin = System.nanoTime();
    }

    /**
     * Waits for the last document.
     *
     * @throws RuntimeException a document's failure
     */
    void await() throws InterruptedException {
        open.await();
        if (failure != null) {
            throw failure;
        }
    }

    SequenceListener listener(int document) {
        return new SequenceListener() {
            @Override
            public void started(int promptTokens, int cachedTokens) {}

            @Override
            public void token(int token, float[] labelLogProbabilities) {
                add(tokens.get(document), token);
            }

            @Override
            public void finished(FinishReason reason, float[] labelLogProbabilities) {
                done();
            }

            @Override
            public void failed(RuntimeException cause) {
                failure = cause;
                done();
            }
        };
    }

    private void add(List<Integer> written, int token) {
        if (unstarted == 0) {
            tokensAfterPrefill++;
        } else if (written.isEmpty() && --unstarted == 0) {
            prefilled = System.nanoTime();
        }
        written.add(token);
    }

    private void done() {
        end = System.nanoTime();
        open.countDown();
    }

    double prefillSeconds() {
        return (prefilled - begin) / 1e9;
    }

    double decodeSeconds() {
        return (end - prefilled) / 1e9;
    }

    double totalSeconds() {
        return (end - begin) / 1e9;
    }

    /** Tokens that came after the last document had its first. */
    int tokensAfterPrefill() {
        return tokensAfterPrefill;
    }

    /** The first tokens of the first documents. */
    List<List<Integer>> head(int documents, int length) {
        return tokens.stream()
                .limit(documents)
                .map(written -> written.subList(0, Math.min(length, written.size())))
                .toList();
    }
}

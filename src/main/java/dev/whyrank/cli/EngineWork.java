package dev.whyrank.cli;

import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.SequenceListener;
import dev.whyrank.generate.SequenceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one request put before the engine, noted on its thread, to be put there again without anything around it: the
 * same token ids, limits and shared prefixes, all at once.
 */
final class EngineWork implements EngineListener {

    private final List<Generation> generations = new ArrayList<>();
    private final List<List<int[]>> encodings = new ArrayList<>();

    private record Generation(List<SequenceRequest> sequences, int sharedPrefix) {}

    @Override
    public synchronized void accepted(List<SequenceRequest> sequences, int sharedPrefix) {
        generations.add(new Generation(sequences, sharedPrefix));
    }

    @Override
    public synchronized void accepted(List<int[]> texts) {
        encodings.add(texts);
    }

    /** Waits until the engine has done it all. */
    void repeat(GenerationEngine engine) {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        synchronized (this) {
            generations.forEach(each -> ends.add(submit(engine, each)));
            encodings.forEach(texts -> ends.add(engine.encode(texts)));
        }
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
    }

    private static CompletableFuture<Void> submit(GenerationEngine engine, Generation work) {
        Ends ends = new Ends(work.sequences().size());
        List<SequenceRequest> sequences = work.sequences().stream()
                .map(each -> new SequenceRequest(
                        each.prompt(), each.maxNewTokens(), each.forced(), each.sampling(), each.stop(), ends))
                .toList();
        engine.submit(sequences, work.sharedPrefix());
        return ends.all;
    }

    /** Waits for so many sequences and reads none of their tokens. */
    private static final class Ends implements SequenceListener {

        private final CompletableFuture<Void> all = new CompletableFuture<>();
        private final AtomicInteger open;

        Ends(int sequences) {
            open = new AtomicInteger(sequences);
        }

        @Override
        public void started(int promptTokens, int cachedTokens) {}

        @Override
        public void token(int token, float[] labelLogProbabilities) {}

        @Override
        public void finished(FinishReason reason, float[] labelLogProbabilities) {
            if (open.decrementAndGet() == 0) {
                all.complete(null);
            }
        }

        @Override
        public void failed(RuntimeException cause) {
            all.completeExceptionally(cause);
        }
    }
}

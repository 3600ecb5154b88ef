package dev.whyrank.generate;

import dev.whyrank.generate.EncoderJob.Text;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.TextEncoder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Encoding, batch by batch. */
final class EncoderLane implements Lane {

    private final TextEncoder encoder;
    private final int window;
    private final EngineListener listener;
    private final LongSupplier nanos;
    private final EncoderQueue queue;
    private final Set<EncoderJob> jobs = new LinkedHashSet<>();
    private final AtomicInteger failures = new AtomicInteger();

    EncoderLane(TextEncoder encoder, int tokenBudget, EngineListener listener, LongSupplier nanos) {
        this.encoder = encoder;
        this.window = encoder.window();
        this.listener = listener;
        this.nanos = nanos;
        this.queue = new EncoderQueue(tokenBudget);
        if (tokenBudget < window) {
            throw new InvalidInputException("whyrank.engine.encoder-token-budget is " + tokenBudget
                    + ", but a text may have " + window + " tokens; raise the budget to at least that");
        }
    }

    /** Checks texts; may be called from any thread. */
    void check(List<int[]> texts) {
        for (int i = 0; i < texts.size(); i++) {
            int length = texts.get(i).length;
            if (length == 0 || length > window) {
                throw new InvalidInputException(
                        "text " + i + " has " + length + " tokens; give 1 to " + window + " for the encoder's window");
            }
        }
    }

    void accept(EncoderJob job) {
        if (!job.future().isDone()) {
            jobs.add(job);
            queue.add(job);
            listener.accepted(job.texts());
        }
    }

    /** Forgets a job whose future is done. */
    void drop(EncoderJob job) {
        if (jobs.remove(job)) {
            queue.remove(job);
        }
    }

    @Override
    public boolean isIdle() {
        return queue.isEmpty();
    }

    @Override
    public void turn() {
        List<Text> batch = queue.nextBatch();
        if (batch.isEmpty()) {
            return;
        }
        long start = nanos.getAsLong();
        float[][] vectors;
        try {
            vectors = encoder.encode(batch.stream().map(Text::tokens).toList());
            check(vectors, batch.size());
            failures.set(0);
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            batch.stream().map(Text::job).distinct().forEach(job -> fail(job, e));
            return;
        } catch (Error e) {
            failures.incrementAndGet();
            throw e;
        }
        listener.encoded(batch.size(), batch.stream().mapToInt(Text::length).sum(), nanos.getAsLong() - start);
        for (int i = 0; i < vectors.length; i++) {
            Text text = batch.get(i);
            if (text.job().put(text.index(), vectors[i])) {
                jobs.remove(text.job());
            }
        }
    }

    private static void check(float[][] vectors, int texts) {
        if (vectors.length != texts) {
            throw new IllegalStateException(
                    "the encoder returned " + vectors.length + " vectors for " + texts + " texts");
        }
    }

    private void fail(EncoderJob job, RuntimeException cause) {
        drop(job);
        job.fail(cause);
    }

    @Override
    public int failuresInARow() {
        return failures.get();
    }

    @Override
    public void failAll(RuntimeException cause) {
        for (EncoderJob job : new ArrayList<>(jobs)) {
            fail(job, cause);
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}

package dev.whyrank.generate;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Texts that were submitted together, and the vectors that have come for them so far. */
final class EncoderJob {

    /** One of a job's texts. */
    record Text(EncoderJob job, int index, int[] tokens) {
        int length() {
            return tokens.length;
        }
    }

    private final List<int[]> texts;
    private final float[][] vectors;
    private final CompletableFuture<List<float[]>> future = new CompletableFuture<>();
    private int missing;

    EncoderJob(List<int[]> texts) {
        this.texts = List.copyOf(texts);
        vectors = new float[texts.size()][];
        missing = texts.size();
    }

    int size() {
        return texts.size();
    }

    List<int[]> texts() {
        return texts;
    }

    Text text(int index) {
        return new Text(this, index, texts.get(index));
    }

    CompletableFuture<List<float[]>> future() {
        return future;
    }

    /** Runs something once the future is done, on the thread that has completed or cancelled it. */
    void onEnd(Runnable action) {
        CompletableFuture<List<float[]>> unused = future.whenComplete((vectors, error) -> action.run());
    }

    /** Takes a text's vector and says whether it was the last one missing. */
    boolean put(int index, float[] vector) {
        vectors[index] = vector;
        missing--;
        if (missing == 0) {
            future.complete(Arrays.asList(vectors));
        }
        return missing == 0;
    }

    void fail(RuntimeException cause) {
        future.completeExceptionally(cause);
    }
}

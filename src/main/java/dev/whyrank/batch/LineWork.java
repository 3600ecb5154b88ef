package dev.whyrank.batch;

import java.util.concurrent.CompletableFuture;

/** Does one line. */
@FunctionalInterface
public interface LineWork {

    /**
     * Starts and returns at once.
     *
     * @param batch the batch's id
     * @param number the line's, from 1
     * @param text as it was sent
     * @return ends with the result; with a {@link dev.whyrank.rerank.RerankException} if the line has to be tried again
     *     later; cancelling it stops the work
     */
    CompletableFuture<LineResult> begin(String batch, int number, String text);
}

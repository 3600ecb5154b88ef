package dev.whyrank.api;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.QueryRequest;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.Reranker;
import dev.whyrank.rerank.WrittenQueries;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/**
 * Writes as many queries as are wanted, each the question with a number. Refuses a question that holds "busy", fails at
 * "boom", and never ends "forever" before it is cancelled.
 */
final class FakeQueryWriter implements QueryWriter {

    /** Opens when somebody cancels. */
    final CountDownLatch cancelled = new CountDownLatch(1);

    /** Opens when a question that never ends is asked. */
    final CountDownLatch hanging = new CountDownLatch(1);

    @Override
    public Reranker.Handle write(QueryRequest request, Listener listener) {
        String question = request.question();
        if (question.contains("busy")) {
            throw new RerankException(ErrorCode.OVERLOADED, "the queue is full", Duration.ofSeconds(3));
        }
        if (question.contains("boom")) {
            listener.failed(ErrorCode.ENGINE_FAILURE, "the model failed");
        } else if (question.contains("forever")) {
            hanging.countDown();
        } else {
            listener.written(new WrittenQueries(
                    IntStream.rangeClosed(1, request.maxQueries())
                            .mapToObj(i -> question + " " + i)
                            .toList(),
                    30,
                    12));
        }
        return cancelled::countDown;
    }
}

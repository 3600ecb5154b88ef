package dev.whyrank.api.batch;

import dev.whyrank.api.ApiJson;
import dev.whyrank.api.RerankLines;
import dev.whyrank.batch.Batch;
import dev.whyrank.batch.BatchRunner;
import dev.whyrank.batch.BatchStore;
import dev.whyrank.batch.LineResult;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest.Handling;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Batches as their owners see them. Methods may wait for the store. */
final class BatchService implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int OK = 200;

    private final BatchStore store;
    private final RerankLines reranks;
    private final ApiJson json;
    private final JsonLines lines;
    private final InstantSource clock;
    private final BatchRunner runner;

    BatchService(
            BatchStore store, RerankLines reranks, ApiJson json, WhyrankBatchProperties settings, InstantSource clock) {
        this.store = store;
        this.reranks = reranks;
        this.json = json;
        this.lines = new JsonLines(json, settings.maxLines());
        this.clock = clock;
        this.runner = new BatchRunner(
                store,
                this::answer,
                new BatchRunner.Settings(settings.concurrency(), settings.lease(), PERIOD),
                clock,
                UUID.randomUUID().toString());
    }

    private CompletableFuture<LineResult> answer(String batch, int number, String text) {
        String id = batch + "-" + number;
        return reranks.answer(id, text, Handling.BULK)
                .map(response -> new LineResult(
                        response.statusCode() == OK,
                        line(id, number, text, response),
                        line(id, number, text, RerankLines.problem(noRoom(), id))))
                .toFuture();
    }

    private static RerankException noRoom() {
        return new RerankException(
                ErrorCode.OVERLOADED,
                "there was no room for the result: batches take all of whyrank.batches.max-size; send it again later");
    }

    private String line(String id, int number, String text, RerankLines.Response response) {
        return new String(
                json.bytes(new BatchLine(id, number, lines.customId(text), response)), StandardCharsets.UTF_8);
    }

    /**
     * Takes a batch on.
     *
     * @param body JSON lines
     * @throws dev.whyrank.api.InvalidRequestException if a line cannot be one
     * @throws RerankException if there is no room
     */
    Batch create(String owner, byte[] body) {
        List<String> texts = lines.split(body);
        String id = "batch_" + UUID.randomUUID().toString().replace("-", "");
        Batch batch = Batch.begun(id, owner, texts.size(), clock.instant());
        store.add(batch, texts);
        runner.wake();
        return batch;
    }

    /**
     * A batch of this owner.
     *
     * @throws RerankException {@code NOT_FOUND} if there is none, or it is somebody else's
     */
    Batch find(String owner, String id) {
        return store.find(id)
                .filter(batch -> batch.owner().equals(owner))
                .orElseThrow(() -> new RerankException(
                        ErrorCode.NOT_FOUND,
                        "there is no such batch; it may have been kept for its time and forgotten"));
    }

    /** Stops a batch; what is finished stays. */
    Batch cancel(String owner, String id) {
        find(owner, id);
        store.cancel(id);
        runner.wake();
        return find(owner, id);
    }

    /** Results of the lines from one up to, not including, another. */
    SortedMap<Integer, String> results(String id, int from, int to) {
        return store.results(id, from, to);
    }

    @Override
    public void close() {
        runner.close();
    }
}

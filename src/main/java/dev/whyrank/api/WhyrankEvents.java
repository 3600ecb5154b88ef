package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.rerank.RerankEvent;
import org.jspecify.annotations.Nullable;

/** The contract's own events: named, numbered, complete. */
final class WhyrankEvents implements EventFormat {

    private static final byte[] STARTED = Frames.ascii("rerank.started");
    private static final byte[] DOCUMENT_STARTED = Frames.ascii("document.started");
    private static final byte[] DELTA = Frames.ascii("explanation.delta");
    private static final byte[] DOCUMENT_RESTARTED = Frames.ascii("document.restarted");
    private static final byte[] DOCUMENT_COMPLETED = Frames.ascii("document.completed");
    private static final byte[] DOCUMENT_FAILED = Frames.ascii("document.failed");
    private static final byte[] COMPLETED = Frames.ascii("rerank.completed");
    private static final byte[] ERROR = Frames.ascii("error");

    private final ApiJson json;
    private final ReplyMapper replies;
    private final int[] deltas;
    private long sent;

    WhyrankEvents(ApiJson json, ReplyMapper replies) {
        this.json = json;
        this.replies = replies;
        this.deltas = new int[replies.documents()];
    }

    @Override
    public byte[] frames(RerankEvent event) {
        if (event instanceof RerankEvent.ExplanationDelta delta) {
            int index = delta.index();
            return frame(DELTA, new Delta(index, deltas[index]++, delta.delta()));
        }
        if (event instanceof RerankEvent.Started started) {
            return frame(
                    STARTED, new Started(replies.id(), replies.model(), replies.documents(), started.queuePosition()));
        }
        if (event instanceof RerankEvent.DocumentStarted started) {
            return frame(DOCUMENT_STARTED, documentStarted(started));
        }
        if (event instanceof RerankEvent.DocumentRestarted restarted) {
            deltas[restarted.index()] = 0;
            return frame(DOCUMENT_RESTARTED, new DocumentRestarted(restarted.index(), restarted.attempt()));
        }
        if (event instanceof RerankEvent.DocumentCompleted completed) {
            return frame(DOCUMENT_COMPLETED, replies.completed(completed));
        }
        if (event instanceof RerankEvent.DocumentFailed failed) {
            return frame(
                    DOCUMENT_FAILED, new DocumentFailed(failed.index(), Names.of(failed.code()), failed.message()));
        }
        if (event instanceof RerankEvent.Completed completed) {
            return frame(COMPLETED, replies.reply(completed));
        }
        RerankEvent.Failed failed = (RerankEvent.Failed) event;
        return frame(ERROR, Problem.of(failed.code(), failed.message(), replies.id()));
    }

    private DocumentStarted documentStarted(RerankEvent.DocumentStarted event) {
        return new DocumentStarted(
                event.index(),
                replies.documentId(event.index()),
                event.promptTokens(),
                event.cachedTokens(),
                event.truncated());
    }

    private byte[] frame(byte[] name, Object data) {
        return Frames.named(++sent, name, json.bytes(data));
    }

    record Started(
            @JsonProperty("id") String id,
            @JsonProperty("model") String model,
            @JsonProperty("documents") int documents,
            @JsonProperty("queue_position") int queuePosition) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DocumentStarted(
            @JsonProperty("index") int index,
            @JsonProperty("id") @Nullable String id,
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("cached_tokens") int cachedTokens,
            @JsonProperty("truncated") boolean truncated) {}

    record Delta(
            @JsonProperty("index") int index,
            @JsonProperty("seq") int seq,
            @JsonProperty("delta") String delta) {}

    record DocumentRestarted(
            @JsonProperty("index") int index,
            @JsonProperty("attempt") int attempt) {}

    record DocumentFailed(
            @JsonProperty("index") int index,
            @JsonProperty("code") String code,
            @JsonProperty("message") String message) {}
}

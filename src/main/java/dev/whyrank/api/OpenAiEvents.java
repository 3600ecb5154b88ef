package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chat completion chunks: each document is a choice, its explanation the reasoning, its label the content. The last
 * chunk has no choices and carries the whole answer as {@code rerank}.
 */
final class OpenAiEvents implements EventFormat {

    private static final byte[] DONE = Frames.data(Frames.ascii("[DONE]"));
    private static final byte[] NOTHING = {};

    private final ApiJson json;
    private final ReplyMapper replies;
    private final long createdSeconds;
    private final int[] sent;
    private final int[] repeated;

    OpenAiEvents(ApiJson json, ReplyMapper replies, long createdSeconds) {
        this.json = json;
        this.replies = replies;
        this.createdSeconds = createdSeconds;
        this.sent = new int[replies.documents()];
        this.repeated = new int[replies.documents()];
    }

    @Override
    public byte[] frames(RerankEvent event) {
        if (event instanceof RerankEvent.ExplanationDelta delta) {
            String text = unsent(delta);
            return text.isEmpty() ? NOTHING : choice(delta.index(), new Delta(null, text, text, null), null);
        }
        if (event instanceof RerankEvent.DocumentRestarted restarted) {
            repeated[restarted.index()] = sent[restarted.index()];
            return NOTHING;
        }
        if (event instanceof RerankEvent.DocumentStarted started) {
            return choice(started.index(), new Delta("assistant", null, null, null), null);
        }
        if (event instanceof RerankEvent.DocumentCompleted completed) {
            Judgement judgement = completed.judgement();
            String finish = judgement.ending() == Judgement.Ending.STOP ? "stop" : "length";
            return choice(
                    completed.index(), new Delta(null, null, null, "Relevance label: " + judgement.label()), finish);
        }
        if (event instanceof RerankEvent.DocumentFailed failed) {
            return choice(failed.index(), new Delta(null, null, null, "Error: " + failed.message()), "stop");
        }
        if (event instanceof RerankEvent.Completed completed) {
            RerankReply reply = replies.reply(completed);
            return Frames.join(chunk(List.of(), reply.usage(), reply), DONE);
        }
        if (event instanceof RerankEvent.Failed failed) {
            return Frames.join(error(failed), DONE);
        }
        return NOTHING;
    }

    /** This format cannot take words back, so those that a restarted document repeats are not sent again. */
    private String unsent(RerankEvent.ExplanationDelta delta) {
        int index = delta.index();
        int known = Math.min(repeated[index], delta.delta().length());
        repeated[index] -= known;
        sent[index] += delta.delta().length() - known;
        return delta.delta().substring(known);
    }

    private byte[] choice(int index, Delta delta, @Nullable String finish) {
        return chunk(List.of(new Choice(index, delta, finish)), null, null);
    }

    private byte[] chunk(List<Choice> choices, RerankReply.@Nullable Usage usage, @Nullable RerankReply reply) {
        return Frames.data(json.bytes(new Chunk(
                replies.id(), "chat.completion.chunk", createdSeconds, replies.model(), choices, usage, reply)));
    }

    private byte[] error(RerankEvent.Failed failed) {
        String code = Names.of(failed.code());
        return Frames.data(json.bytes(new ErrorChunk(new Problem(failed.message(), "server_error", code))));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Chunk(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("created") long created,
            @JsonProperty("model") String model,
            @JsonProperty("choices") List<Choice> choices,
            @JsonProperty("usage") RerankReply.@Nullable Usage usage,
            @JsonProperty("rerank") @Nullable RerankReply rerank) {}

    /** {@code finish_reason} is there and null until the end, as clients of that API expect. */
    record Choice(
            @JsonProperty("index") int index,
            @JsonProperty("delta") Delta delta,
            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(
            @JsonProperty("role") @Nullable String role,
            @JsonProperty("reasoning") @Nullable String reasoning,
            @JsonProperty("reasoning_content") @Nullable String reasoningContent,
            @JsonProperty("content") @Nullable String content) {}

    record ErrorChunk(@JsonProperty("error") Problem error) {}

    record Problem(
            @JsonProperty("message") String message,
            @JsonProperty("type") String type,
            @JsonProperty("code") String code) {}
}

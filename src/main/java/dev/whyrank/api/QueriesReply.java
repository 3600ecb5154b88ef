package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.rerank.WrittenQueries;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The answer of {@code POST /v1/queries}. */
@Schema(
        name = "QueriesResponse",
        requiredProperties = {"id", "object", "model", "queries", "usage"},
        example = Examples.QUERIES_RESPONSE)
record QueriesReply(
        @JsonProperty("id") String id,

        @JsonProperty("object") @Schema(allowableValues = "queries")
        String object,

        @JsonProperty("model") String model,
        @JsonProperty("queries") List<String> queries,
        @JsonProperty("usage") Usage usage) {

    static QueriesReply of(String id, String model, WrittenQueries written) {
        int prompt = written.promptTokens();
        int completion = written.completionTokens();
        Usage usage = new Usage(prompt, completion, prompt + completion);
        return new QueriesReply(id, "queries", model, written.queries(), usage);
    }

    /** Tokens read and written. */
    @Schema(
            name = "QueriesUsage",
            requiredProperties = {"prompt_tokens", "completion_tokens", "total_tokens"})
    record Usage(
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("completion_tokens") int completionTokens,
            @JsonProperty("total_tokens") int totalTokens) {}
}

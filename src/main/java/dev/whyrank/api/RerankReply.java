package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The answer to {@code POST /v1/rerank}. */
@Schema(
        name = "RerankResponse",
        requiredProperties = {"id", "object", "model", "results", "usage", "meta", "timings"})
@JsonPropertyOrder({"id", "object", "model", "results", "usage", "meta", "timings"})
record RerankReply(
        @JsonProperty("id") String id,

        @JsonProperty("object") @Schema(allowableValues = "rerank")
        String object,

        @JsonProperty("model") String model,

        @JsonProperty("results") @Schema(description = "By strictly falling relevance; failed documents last.")
        List<Result> results,

        @JsonProperty("usage") Usage usage,
        @JsonProperty("meta") Meta meta,
        @JsonProperty("timings") Timings timings) {

    /** One place of the ranking, judged or failed. */
    @Schema(
            name = "RerankResult",
            requiredProperties = {"index", "relevance_score"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            @JsonProperty("index") @Schema(description = "Place of the document in the request.")
            int index,

            @JsonProperty("id") @Nullable String id,

            @JsonProperty("rank") @Schema(description = "Only in events: the provisional place, from 1.") @Nullable
            Integer rank,

            @JsonProperty("relevance_score") @Schema(description = "Orders the results; fused when scores were sent.")
            double relevanceScore,

            @JsonProperty("model_score")
            @Schema(description = "The model's alone; no other document changes it.")
            @Nullable
            Double modelScore,

            @JsonProperty("label") @Nullable Integer label,

            @JsonProperty("labels") @Schema(example = "[0, 1, 2]") @Nullable
            List<Integer> labels,

            @JsonProperty("label_probabilities") @Nullable List<Double> labelProbabilities,

            @JsonProperty("label_source")
            @Schema(allowableValues = {"stated", "inferred", "forced", "defaulted"})
            @Nullable
            String labelSource,

            @JsonProperty("explanation") @Nullable String explanation,

            @JsonProperty("explanation_kind") @Schema(allowableValues = {"reasoning", "evidence"}) @Nullable
            String explanationKind,

            @JsonProperty("finish_reason") @Schema(allowableValues = {"stop", "length", "deadline"}) @Nullable
            String finishReason,

            @JsonProperty("truncated") @Nullable Boolean truncated,
            @JsonProperty("document") @Nullable Document document,

            @JsonProperty("metadata") @Schema(implementation = Object.class) @Nullable
            JsonNode metadata,

            @JsonProperty("usage") @Nullable Usage usage,
            @JsonProperty("error") @Nullable Failure error) {}

    /** A document repeated. */
    @Schema(name = "ReturnedDocument", requiredProperties = "text")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Document(
            @JsonProperty("text") String text,
            @JsonProperty("title") @Nullable String title) {}

    /** Why a document was not judged. */
    @Schema(
            name = "DocumentError",
            requiredProperties = {"code", "message", "retryable"})
    record Failure(
            @JsonProperty("code") String code,
            @JsonProperty("message") String message,
            @JsonProperty("retryable") boolean retryable) {}

    /** Tokens; the prompt's include those that were copied from a shared prefix. Reused judgements cost none. */
    @Schema(
            name = "Usage",
            requiredProperties = {"prompt_tokens", "cached_tokens", "completion_tokens", "total_tokens", "cache_hits"})
    record Usage(
            @JsonProperty("prompt_tokens") long promptTokens,
            @JsonProperty("cached_tokens") long cachedTokens,
            @JsonProperty("completion_tokens") long completionTokens,
            @JsonProperty("total_tokens") long totalTokens,

            @JsonProperty("cache_hits") @Schema(description = "Judgements from the result cache, which cost no tokens.")
            long cacheHits) {}

    /** What clients of paid services look for. */
    @Schema(
            name = "Meta",
            requiredProperties = {"billed_units", "tokens", "warnings"})
    record Meta(
            @JsonProperty("billed_units") BilledUnits billedUnits,
            @JsonProperty("tokens") Tokens tokens,
            @JsonProperty("warnings") List<String> warnings) {}

    /** One search unit is a query with up to 100 documents. */
    @Schema(name = "BilledUnits", requiredProperties = "search_units")
    record BilledUnits(@JsonProperty("search_units") int searchUnits) {}

    /** Tokens under the names of paid services. */
    @Schema(
            name = "Tokens",
            requiredProperties = {"input_tokens", "output_tokens"})
    record Tokens(
            @JsonProperty("input_tokens") long inputTokens,
            @JsonProperty("output_tokens") long outputTokens) {}

    /** Milliseconds. */
    @Schema(
            name = "Timings",
            requiredProperties = {"queue_ms", "first_token_ms", "total_ms"})
    record Timings(
            @JsonProperty("queue_ms") double queueMs,
            @JsonProperty("first_token_ms") double firstTokenMs,
            @JsonProperty("total_ms") double totalMs) {}
}

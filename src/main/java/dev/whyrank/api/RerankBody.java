package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/rerank}. Fields it does not know are ignored, so that other services' clients work.
 *
 * <p>Elements of {@code documents} are checked by {@link Candidates} after their number, not by annotations: a body of
 * millions of empty strings must cost nothing.
 */
@Schema(name = "RerankRequest")
record RerankBody(
        @JsonProperty("query")
        @Schema(description = "The question.", requiredMode = Schema.RequiredMode.REQUIRED)
        @NotBlank
        String query,

        @JsonProperty("documents")
        @ArraySchema(
                arraySchema =
                        @Schema(
                                description = "What is ranked: strings, or objects.",
                                requiredMode = Schema.RequiredMode.REQUIRED),
                schema = @Schema(oneOf = {String.class, DocumentBody.class}))
        @NotEmpty
        List<@Nullable DocumentBody> documents,

        @JsonProperty("model")
        @Schema(description = "The served model if absent; an unknown name earns a warning, or 404 when strict.")
        @Nullable
        String model,

        @JsonProperty("top_n")
        @Schema(description = "How many results to return; 0 and null mean all.")
        @Min(0)
        @Nullable
        Integer topN,

        @JsonProperty("return_documents")
        @Schema(defaultValue = "false", description = "Repeat each document's text.")
        @Nullable
        Boolean returnDocuments,

        @JsonProperty("instruction")
        @Schema(description = "Your own definition of relevance, in one sentence.")
        @Nullable
        String instruction,

        @JsonProperty("explain")
        @Schema(defaultValue = "true", description = "False labels without generating text.")
        @Nullable
        Boolean explain,

        @JsonProperty("explain_top_n")
        @Schema(description = "Label everything, then explain only the best so many; they stay above the rest.")
        @Min(1)
        @Nullable
        Integer explainTopN,

        @JsonProperty("max_explanation_tokens")
        @Schema(defaultValue = "512", description = "After so many tokens the label is forced.")
        @Min(1)
        @Max(1024)
        @Nullable
        Integer maxExplanationTokens,

        @JsonProperty("max_tokens_per_doc")
        @Schema(description = "A longer document is cut and flagged.")
        @Min(1)
        @Nullable
        Integer maxTokensPerDoc,

        @JsonProperty("truncation")
        @Schema(
                description = "What happens to a document that does not fit: `end` or true cuts it, `error` or false"
                        + " refuses the request.",
                oneOf = {String.class, Boolean.class},
                defaultValue = "end")
        @Nullable
        Truncation truncation,

        @JsonProperty("alpha")
        @Schema(defaultValue = "0.7", description = "The model's weight against first-stage scores.")
        @DecimalMin("0")
        @DecimalMax("1")
        @Nullable
        Double alpha,

        @JsonProperty("deadline_ms")
        @Schema(description = "Time the request may take; at its end running documents get a forced label.")
        @Min(1)
        @Max(86_400_000)
        @Nullable
        Long deadlineMs,

        @JsonProperty("stream") @Schema(defaultValue = "false", description = "Answer as server-sent events.") @Nullable
        Boolean stream,

        @JsonProperty("stream_format") @Schema(defaultValue = "whyrank") @Nullable
        StreamFormat streamFormat) {}

package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.rerank.QueryWriter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/queries}. */
@Schema(name = "QueriesRequest", example = Examples.QUERIES_REQUEST)
record QueriesBody(
        @JsonProperty("question")
        @Schema(description = "What is to be answered.", requiredMode = Schema.RequiredMode.REQUIRED)
        @NotBlank
        String question,

        @JsonProperty("max_queries")
        @Schema(defaultValue = "10", description = "At most so many queries.")
        @Min(1)
        @Max(QueryWriter.MOST)
        @Nullable
        Integer maxQueries,

        @JsonProperty("model")
        @Schema(description = "The served model if absent; an unknown name is 404 when names are strict.")
        @Nullable
        String model) {}

package dev.whyrank.api.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.whyrank.api.RerankLines;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What came of one line of a batch. */
@Schema(
        name = "BatchLine",
        requiredProperties = {"id", "line", "response"})
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "line", "custom_id", "response"})
record BatchLine(
        @JsonProperty("id") @Schema(example = "batch_7c0f2a-1")
        String id,

        @JsonProperty("line") @Schema(description = "Its place in the body, from 1.")
        int line,

        @JsonProperty("custom_id") @Schema(description = "As it was sent.") @Nullable
        String customId,

        @JsonProperty("response") RerankLines.Response response) {}

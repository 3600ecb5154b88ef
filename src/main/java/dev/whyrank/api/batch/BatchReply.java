package dev.whyrank.api.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.whyrank.batch.Batch;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far a batch is, under the names of OpenAI's batches; times are seconds since 1970. */
@Schema(
        name = "Batch",
        requiredProperties = {"id", "object", "endpoint", "status", "created_at", "request_counts"})
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "id",
    "object",
    "endpoint",
    "status",
    "created_at",
    "completed_at",
    "cancelled_at",
    "expires_at",
    "request_counts"
})
record BatchReply(
        @JsonProperty("id") @Schema(example = "batch_7c0f2a")
        String id,

        @JsonProperty("object") @Schema(allowableValues = "batch")
        String object,

        @JsonProperty("endpoint") @Schema(allowableValues = "/v1/rerank")
        String endpoint,

        @JsonProperty("status") @Schema(allowableValues = {"in_progress", "cancelling", "completed", "cancelled"})
        String status,

        @JsonProperty("created_at") long createdAt,
        @JsonProperty("completed_at") @Nullable Long completedAt,
        @JsonProperty("cancelled_at") @Nullable Long cancelledAt,

        @JsonProperty("expires_at")
        @Schema(description = "When it and its results are forgotten; once it has ended.")
        @Nullable
        Long expiresAt,

        @JsonProperty("request_counts") Counts counts) {

    /** Lines. */
    @Schema(
            name = "BatchCounts",
            requiredProperties = {"total", "completed", "failed"})
    record Counts(
            @JsonProperty("total") int total,

            @JsonProperty("completed") @Schema(description = "Answered with 200.")
            int completed,

            @JsonProperty("failed") @Schema(description = "Answered with a problem.")
            int failed) {}

    static BatchReply of(Batch batch, Duration retention) {
        Instant ended = batch.endedAt();
        Long end = ended == null ? null : ended.getEpochSecond();
        return new BatchReply(
                batch.id(),
                "batch",
                "/v1/rerank",
                batch.status().name().toLowerCase(Locale.ROOT),
                batch.createdAt().getEpochSecond(),
                batch.status() == Batch.Status.COMPLETED ? end : null,
                batch.status() == Batch.Status.CANCELLED ? end : null,
                ended == null ? null : ended.plus(retention).getEpochSecond(),
                new Counts(batch.total(), batch.completed(), batch.failed()));
    }
}

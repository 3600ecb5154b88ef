package dev.whyrank.api.compat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.api.FieldError;
import dev.whyrank.api.Problem;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Other services' error bodies. */
final class Errors {

    private Errors() {}

    static Cohere cohere(Problem problem) {
        return new Cohere(problem.requestId(), problem.message());
    }

    static Tei tei(Problem problem) {
        String type = switch (problem.code()) {
            case "overloaded", "rate_limited" -> "Overloaded";
            case "not_ready", "cancelled" -> "Unhealthy";
            case "engine_failure", "deadline_exceeded" -> "Backend";
            case "context_length_exceeded" -> "Tokenizer";
            default -> "Validation";
        };
        return new Tei(problem.message(), type);
    }

    static Vllm vllm(Problem problem) {
        String type = switch (problem.status()) {
            case 401 -> "AuthenticationError";
            case 403 -> "PermissionDeniedError";
            case 404 -> "NotFoundError";
            case 429 -> "RateLimitError";
            default -> problem.status() < 500 ? "BadRequestError" : "InternalServerError";
        };
        String param =
                problem.errors().isEmpty() ? null : emptyToNull(problem.errors().get(0));
        return new Vllm(new VllmError(problem.message(), type, param, problem.status()));
    }

    private static @Nullable String emptyToNull(FieldError error) {
        return error.field().isEmpty() ? null : error.field();
    }

    @Schema(
            name = "CohereError",
            requiredProperties = {"id", "message"})
    record Cohere(
            @JsonProperty("id") String id,
            @JsonProperty("message") String message) {}

    @Schema(
            name = "TeiError",
            requiredProperties = {"error", "error_type"})
    record Tei(
            @JsonProperty("error") String error,
            @JsonProperty("error_type") String errorType) {}

    @Schema(name = "VllmErrorBody", requiredProperties = "error")
    record Vllm(@JsonProperty("error") VllmError error) {}

    @Schema(
            name = "VllmError",
            requiredProperties = {"message", "type", "code"})
    record VllmError(
            @JsonProperty("message") String message,
            @JsonProperty("type") String type,

            @JsonProperty("param") @Schema(types = {"string", "null"}) @Nullable
            String param,

            @JsonProperty("code") int code) {}
}

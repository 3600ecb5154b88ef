package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.whyrank.rerank.ErrorCode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.springframework.http.HttpStatus;

/**
 * A refusal or failure as RFC 9457 has it, with a code for programs.
 *
 * @param message equal to {@code detail}; clients written for Cohere read this one
 * @param errors fields that are wrong; left out when there are none
 */
@Schema(
        name = "Problem",
        requiredProperties = {"type", "title", "status", "detail", "code", "message", "request_id", "retryable"})
@JsonPropertyOrder({"type", "title", "status", "detail", "code", "message", "request_id", "retryable", "errors"})
public record Problem(
        @JsonProperty("type") @Schema(example = "about:blank")
        String type,

        @JsonProperty("title") @Schema(example = "Bad Request")
        String title,

        @JsonProperty("status") @Schema(example = "400") int status,

        @JsonProperty("detail") @Schema(example = "query: must not be blank")
        String detail,

        @JsonProperty("code") @Schema(example = "invalid_request")
        String code,

        @JsonProperty("message") @Schema(description = "Equal to detail.")
        String message,

        @JsonProperty("request_id") String requestId,
        @JsonProperty("retryable") boolean retryable,

        @JsonProperty("errors") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<FieldError> errors) {

    /** The problem that a code stands for. */
    public static Problem of(ErrorCode code, String detail, String requestId) {
        return of(code, detail, requestId, List.of());
    }

    static Problem of(ErrorCode code, String detail, String requestId, List<FieldError> errors) {
        HttpStatus status = ErrorStatus.of(code);
        return new Problem(
                "about:blank",
                status.getReasonPhrase(),
                status.value(),
                detail,
                Names.of(code),
                detail,
                requestId,
                code.retryable(),
                errors);
    }
}

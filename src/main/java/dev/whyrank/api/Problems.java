package dev.whyrank.api;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.MediaType;
import org.springframework.web.bind.support.WebExchangeBindException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import tools.jackson.core.JacksonException;

/** From whatever was thrown to what the client is told. Pure; says nothing about the inside of the service. */
final class Problems {

    private static final int SHOWN_ERRORS = 3;

    private Problems() {}

    static Problem of(Throwable thrown, String requestId) {
        if (thrown instanceof RerankException refused) {
            return Problem.of(refused.code(), message(refused), requestId);
        }
        if (thrown instanceof InvalidRequestException invalid) {
            return invalid(invalid.errors(), requestId);
        }
        if (thrown instanceof InvalidInputException invalid) {
            return Problem.of(ErrorCode.INVALID_REQUEST, message(invalid), requestId);
        }
        if (thrown instanceof WebExchangeBindException binding) {
            return invalid(fields(binding), requestId);
        }
        JacksonException json = jsonCause(thrown);
        if (json != null) {
            return invalid(List.of(JsonErrors.describe(json)), requestId);
        }
        if (thrown instanceof ResponseStatusException status) {
            return status(status, requestId);
        }
        return Problem.of(
                ErrorCode.ENGINE_FAILURE, "the service failed; its log tells why under this request id", requestId);
    }

    private static Problem invalid(List<FieldError> errors, String requestId) {
        String detail =
                errors.stream().limit(SHOWN_ERRORS).map(FieldError::line).collect(Collectors.joining("; "));
        return Problem.of(ErrorCode.INVALID_REQUEST, detail, requestId, errors);
    }

    private static List<FieldError> fields(WebExchangeBindException binding) {
        return binding.getFieldErrors().stream()
                .map(error -> new FieldError(Names.field(error.getField()), String.valueOf(error.getDefaultMessage())))
                .sorted((a, b) -> a.line().compareTo(b.line()))
                .toList();
    }

    private static @Nullable JacksonException jsonCause(Throwable thrown) {
        if (thrown instanceof ResponseStatusException status
                && status.getStatusCode().is4xxClientError()
                && NestedExceptionUtils.getMostSpecificCause(thrown) != thrown) {
            for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof JacksonException json) {
                    return json;
                }
            }
        }
        return null;
    }

    private static Problem status(ResponseStatusException thrown, String requestId) {
        return switch (thrown.getStatusCode().value()) {
            case 404 ->
                Problem.of(ErrorCode.NOT_FOUND, "there is nothing at this path; see /swagger-ui.html", requestId);
            case 405 -> Problem.of(ErrorCode.METHOD_NOT_ALLOWED, reason(thrown, "method not allowed"), requestId);
            case 406 ->
                Problem.of(
                        ErrorCode.NOT_ACCEPTABLE,
                        "accept application/json or, on /v1/rerank, text/event-stream",
                        requestId);
            case 413 -> Problem.of(ErrorCode.TOO_LARGE, "the body is too large; send fewer documents", requestId);
            case 415 -> Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, mediaTypes(thrown), requestId);
            case 503 -> Problem.of(ErrorCode.NOT_READY, reason(thrown, "the service is not ready"), requestId);
            default ->
                thrown.getStatusCode().is4xxClientError()
                        ? Problem.of(ErrorCode.INVALID_REQUEST, reason(thrown, "the request is invalid"), requestId)
                        : Problem.of(ErrorCode.ENGINE_FAILURE, "the service failed", requestId);
        };
    }

    private static String mediaTypes(ResponseStatusException thrown) {
        List<MediaType> supported = thrown instanceof UnsupportedMediaTypeStatusException unsupported
                ? unsupported.getSupportedMediaTypes()
                : List.of();
        String types = supported.isEmpty()
                ? MediaType.APPLICATION_JSON_VALUE
                : supported.stream().map(MediaType::toString).collect(Collectors.joining(" or "));
        return "send the body as Content-Type: " + types;
    }

    private static String reason(ResponseStatusException thrown, String otherwise) {
        String reason = thrown.getReason();
        return reason == null || reason.isBlank() ? otherwise : reason;
    }

    private static String message(RuntimeException thrown) {
        String message = thrown.getMessage();
        return message == null ? "no reason was given" : message;
    }
}

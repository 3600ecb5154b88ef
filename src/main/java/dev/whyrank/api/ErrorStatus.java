package dev.whyrank.api;

import dev.whyrank.rerank.ErrorCode;
import org.springframework.http.HttpStatus;

/** The one place where a failure becomes a status code. */
final class ErrorStatus {

    private ErrorStatus() {}

    static HttpStatus of(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST -> HttpStatus.BAD_REQUEST;
            case UNAUTHORIZED -> HttpStatus.UNAUTHORIZED;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case NOT_FOUND, MODEL_NOT_FOUND -> HttpStatus.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> HttpStatus.METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> HttpStatus.NOT_ACCEPTABLE;
            case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case UNSUPPORTED_MEDIA_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case CONTEXT_LENGTH_EXCEEDED -> HttpStatus.UNPROCESSABLE_CONTENT;
            case OVERLOADED, RATE_LIMITED -> HttpStatus.TOO_MANY_REQUESTS;
            // A request is only cancelled under a client that still listens when the service shuts down.
            case NOT_READY, CANCELLED -> HttpStatus.SERVICE_UNAVAILABLE;
            case DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
            case ENGINE_FAILURE -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }
}

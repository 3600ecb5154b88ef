package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What is wrong with one field.
 *
 * @param field its path in the body, such as {@code documents[3].text}; empty for the body as a whole
 * @param message what is wrong and what to do
 */
@Schema(
        name = "FieldError",
        requiredProperties = {"field", "message"})
public record FieldError(
        @JsonProperty("field") String field,
        @JsonProperty("message") String message) {

    /** Both in one line. */
    String line() {
        return field.isEmpty() ? message : field + ": " + message;
    }
}

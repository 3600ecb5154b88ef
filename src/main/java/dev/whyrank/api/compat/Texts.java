package dev.whyrank.api.compat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** One text or several, as vLLM's score takes them. */
record Texts(@JsonValue List<String> values) {

    /**
     * Reads a string or an array of strings.
     *
     * @throws IllegalArgumentException if it is neither
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Texts of(Object value) {
        if (value instanceof String text) {
            return new Texts(List.of(text));
        }
        if (value instanceof List<?> several) {
            List<String> values = new ArrayList<>(several.size());
            for (Object each : several) {
                if (!(each instanceof String text)) {
                    throw new IllegalArgumentException("expected an array of strings");
                }
                values.add(text);
            }
            return new Texts(values);
        }
        throw new IllegalArgumentException("expected a string or an array of strings");
    }
}

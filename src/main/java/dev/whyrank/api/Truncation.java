package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonCreator;

/** What happens to a document that does not fit: {@code end} or true cuts it, {@code error} or false refuses it. */
enum Truncation {
    END,
    ERROR;

    /**
     * Reads either spelling.
     *
     * @throws IllegalArgumentException if it is neither
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Truncation of(Object value) {
        if (value.equals(true) || value.equals("end")) {
            return END;
        }
        if (value.equals(false) || value.equals("error")) {
            return ERROR;
        }
        throw new IllegalArgumentException("expected \"end\", \"error\", true or false");
    }
}

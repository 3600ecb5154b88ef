package dev.whyrank.cluster;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What goes to Redis as text. Unknown fields are ignored, so that versions can differ while they are replaced. */
final class Wire {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Wire() {}

    static String write(Object message) {
        return JSON.writeValueAsString(message);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws tools.jackson.core.JacksonException if it is something else
     */
    static <T> T read(String text, Class<T> type) {
        return JSON.readValue(text, type);
    }
}

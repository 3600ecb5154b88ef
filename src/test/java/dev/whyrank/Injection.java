package dev.whyrank;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * Words that are put behind a document to be taken for something else than its text.
 *
 * @param kind what it tries
 * @param times how often {@code text} is repeated
 */
record Injection(
        @JsonProperty("kind") String kind,
        @JsonProperty("name") String name,
        @JsonProperty("before") String before,
        @JsonProperty("text") String text,
        @JsonProperty("times") int times) {

    private static final String RESOURCE = "injections.jsonl";

    static List<Injection> read() {
        try (InputStream in = Objects.requireNonNull(Injection.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> JsonMapper.shared().readValue(line, Injection.class))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE, e);
        }
    }

    /** The document with the words behind it. */
    String after(String document) {
        return document + before + text.repeat(times);
    }
}

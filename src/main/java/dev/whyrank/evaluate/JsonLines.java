package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A file of one JSON object per line. Errors name file, line and field. */
final class JsonLines implements AutoCloseable {

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private final Lines lines;

    private JsonLines(Lines lines) {
        this.lines = lines;
    }

    static JsonLines open(Path file) {
        return new JsonLines(Lines.open(file));
    }

    /** The next object; null after the last. */
    @Nullable
    ObjectNode next() {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        try {
            if (MAPPER.readTree(line) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw lines.bad("is not readable as JSON: " + e.getOriginalMessage(), e);
        }
        throw lines.bad("must hold one JSON object");
    }

    int number() {
        return lines.number();
    }

    InvalidInputException bad(String reason) {
        return lines.bad(reason);
    }

    /** A string that must be there; it may be empty. */
    String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isString()) {
            throw bad(field + (value.isMissingNode() ? " is missing" : " must be a string"));
        }
        return value.stringValue();
    }

    /** A string that may be missing or null. */
    String text(JsonNode object, String field, String absent) {
        return object.hasNonNull(field) ? text(object, field) : absent;
    }

    /** An id: a string that is not blank, or a whole number. */
    String id(JsonNode object, String field) {
        JsonNode value = object.path(field);
        String id = value.isIntegralNumber() ? value.asString() : text(object, field);
        if (id.isBlank()) {
            throw bad(field + " is blank");
        }
        return id;
    }

    @Override
    public void close() {
        lines.close();
    }
}

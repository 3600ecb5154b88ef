package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the JSON files of a model folder; a name that occurs twice is an error, since readers disagree on it. */
final class Json {

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private static final long MAX_BYTES = 32L << 20;

    private Json() {}

    /** Reads a file that holds one object. */
    static ObjectNode object(Path file) {
        try {
            JsonNode node = MAPPER.readTree(text(file));
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new InvalidInputException(file + ": must hold a JSON object");
        } catch (JacksonException e) {
            throw new InvalidInputException(file + ": is not readable as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Reads a text file. */
    static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new InvalidInputException(
                        file + ": is larger than " + MAX_BYTES + " bytes; check the model folder");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read; check that it is there and is UTF-8 text", e);
        }
    }
}

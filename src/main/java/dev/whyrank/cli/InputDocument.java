package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A document as a command reads it.
 *
 * @param id the user's own name of it
 * @param title put before the text
 */
record InputDocument(@Nullable String id, @Nullable String title, String text) {

    private static final JsonMapper JSON = new JsonMapper();

    /** What is judged, like the service's. */
    String whole() {
        return title == null || title.isBlank() ? text : title + "\n" + text;
    }

    /**
     * Reads files of one document a line, each plain text or a JSON object with {@code text} and possibly {@code title}
     * and {@code id}. Empty lines are no documents.
     *
     * @param files names, {@code -} for {@code in}
     * @throws InvalidInputException naming the file and line that cannot be read, or if there is no document at all
     */
    static List<InputDocument> read(List<String> files, InputStream in) {
        List<InputDocument> documents = new ArrayList<>();
        for (String file : files) {
            try (BufferedReader lines = open(file, in)) {
                read(file, lines, documents);
            } catch (CharacterCodingException e) {
                throw new InvalidInputException(file + ": is not UTF-8 text; convert it", e);
            } catch (IOException e) {
                throw new InvalidInputException(file + ": cannot be read; check that it is a file", e);
            }
        }
        if (documents.isEmpty()) {
            throw new InvalidInputException(String.join(", ", files) + ": no document; give one on each line");
        }
        return documents;
    }

    private static BufferedReader open(String file, InputStream in) throws IOException {
        return file.equals("-")
                ? new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))
                : Files.newBufferedReader(Path.of(file));
    }

    private static void read(String file, BufferedReader lines, List<InputDocument> documents) throws IOException {
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                documents.add(parse(line, file + ":" + number));
            }
        }
    }

    private static InputDocument parse(String line, String place) {
        if (!line.stripLeading().startsWith("{")) {
            return new InputDocument(null, null, line);
        }
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JacksonException e) {
            throw new InvalidInputException(place + ": begins like a JSON object but is none: " + e.getOriginalMessage()
                    + "; quote plain text that begins with a brace as {\"text\": …}");
        }
        String text = string(node, "text", place);
        if (text == null) {
            throw new InvalidInputException(place + ": has no \"text\"; give the document's text as a string");
        }
        return new InputDocument(string(node, "id", place), string(node, "title", place), text);
    }

    private static @Nullable String string(JsonNode node, String field, String place) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isString() || (field.equals("id") && value.isIntegralNumber())) {
            return value.asString();
        }
        throw new InvalidInputException(place + ": \"" + field + "\" is not a string");
    }
}

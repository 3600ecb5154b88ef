package dev.whyrank.train.annotation;

import dev.whyrank.model.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record as it stands in its file, with whatever else it says.
 *
 * @param json the whole record
 * @param question title and body
 * @param documents the parts of {@code json} that are documents, each with a text that is not blank
 */
record UnlabelledRecord(ObjectNode json, String question, List<ObjectNode> documents) {

    static final JsonMapper JSON = new JsonMapper();

    /** Takes one record after the other. */
    @FunctionalInterface
    interface Visitor {

        void visit(UnlabelledRecord record) throws IOException;
    }

    /**
     * Reads a file of records, each from the beginning.
     *
     * @throws InvalidInputException naming file, line and field
     */
    static void each(Path file, Visitor visitor) {
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    visitor.visit(of(line, file + ", line " + number));
                }
            }
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(e.getFile() + ": no such file; check the path", e);
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(file + " is no UTF-8 text; convert it", e);
        } catch (IOException e) {
            throw new InvalidInputException(file + " cannot be annotated: " + e, e);
        }
    }

    private static UnlabelledRecord of(String line, String where) {
        try {
            if (JSON.readTree(line) instanceof ObjectNode json) {
                return of(json, where);
            }
        } catch (JacksonException e) {
            throw new InvalidInputException(where + " is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new InvalidInputException(where + " must hold one JSON object");
    }

    private static UnlabelledRecord of(ObjectNode json, String where) {
        JsonNode asked = json.path("question");
        String question = asked.isObject()
                ? asked.path("title").asString("") + " " + asked.path("body").asString("")
                : asked.asString("");
        if (question.isBlank()) {
            throw new InvalidInputException(where + ": question is missing; give its title");
        }
        List<ObjectNode> documents = new ArrayList<>();
        (json.has("documents") ? json.path("documents") : json.path("links"))
                .forEach(node -> add(node, where, documents));
        if (json.path("other_document").isObject()) {
            add(json.path("other_document"), where, documents);
        }
        return new UnlabelledRecord(json, question.strip(), documents);
    }

    private static void add(JsonNode node, String where, List<ObjectNode> documents) {
        if (!(node instanceof ObjectNode document)
                || document.path("text").asString("").isBlank()) {
            throw new InvalidInputException(where + ": a document has no text; give it or drop the document");
        }
        documents.add(document);
    }

    static boolean isLabelled(ObjectNode document) {
        return document.hasNonNull("label");
    }

    boolean hasQueries() {
        return json.path("generated_queries").isArray()
                && !json.path("generated_queries").isEmpty();
    }
}

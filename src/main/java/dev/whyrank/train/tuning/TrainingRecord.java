package dev.whyrank.train.tuning;

import dev.whyrank.model.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A question with what a teacher wrote about its documents, and the search queries it wrote for it.
 *
 * @param question title and body
 * @param queries may be empty
 * @param documents labelled ones only
 */
public record TrainingRecord(String question, List<String> queries, List<Judged> documents) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A document and its judgement.
     *
     * @param label 0, 1 or 2
     * @param explanation why; empty if the teacher gave none
     */
    public record Judged(String text, int label, String explanation) {}

    /**
     * Reads records, one JSON object a line: the canonical form ({@code question} an object, {@code documents}) or the
     * original's ({@code question} a text, {@code links}, {@code other_document}). Documents without a label are left
     * out.
     *
     * @throws InvalidInputException naming file, line and field
     */
    public static List<TrainingRecord> read(Path file) {
        List<TrainingRecord> records = new ArrayList<>();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    records.add(of(JSON.readTree(line), file + ", line " + number));
                }
            }
        } catch (IOException e) {
            throw new InvalidInputException(file + " cannot be read as UTF-8 text: " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new InvalidInputException(file + ", line " + number + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (records.isEmpty()) {
            throw new InvalidInputException(file + " has no records; give one JSON object per line");
        }
        return records;
    }

    private static TrainingRecord of(JsonNode line, String where) {
        JsonNode question = line.path("question");
        String text = question.isObject()
                ? question.path("title").asString("") + " "
                        + question.path("body").asString("")
                : question.asString("");
        if (text.isBlank()) {
            throw new InvalidInputException(where + ": question is missing; give its title");
        }
        List<String> queries = new ArrayList<>();
        line.path("generated_queries").forEach(query -> queries.add(query.asString("")));
        queries.removeIf(String::isBlank);
        List<Judged> documents = new ArrayList<>();
        (line.has("documents") ? line.path("documents") : line.path("links")).forEach(document -> {
            add(document, where, documents);
        });
        if (line.path("other_document").isObject()) {
            add(line.path("other_document"), where, documents);
        }
        return new TrainingRecord(text.strip(), List.copyOf(queries), List.copyOf(documents));
    }

    private static void add(JsonNode document, String where, List<Judged> documents) {
        Integer label = label(document.path("label"), where);
        String text = document.path("text").asString("");
        if (label == null) {
            return;
        }
        if (text.isBlank()) {
            throw new InvalidInputException(where + ": a document with a label has no text; give it or drop the label");
        }
        documents.add(new Judged(
                text, label, document.path("explanation").asString("").strip()));
    }

    private static @Nullable Integer label(JsonNode node, String where) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        int label = node.asInt(-1);
        if (label < 0 || label > 2) {
            throw new InvalidInputException(where + ": label is " + node + "; give 0, 1 or 2");
        }
        return label;
    }
}

package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads distillation records: each line is a question with its own documents, labelled by a teacher. Both the canonical
 * form ({@code question} and {@code documents}) and the original's ({@code question}, {@code links},
 * {@code other_document}) are read; the latter has no ids, so places in the file stand in for them.
 */
final class RecordReader {

    private final JsonLines lines;
    private final Map<String, Query> queries = new LinkedHashMap<>();
    private final Map<String, Document> documents = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();

    private RecordReader(JsonLines lines) {
        this.lines = lines;
    }

    static TestCollection read(String name, Path file) {
        try (JsonLines lines = JsonLines.open(file)) {
            RecordReader reader = new RecordReader(lines);
            for (ObjectNode line = lines.next(); line != null; line = lines.next()) {
                reader.add(line);
            }
            if (reader.grades.isEmpty()) {
                throw new InvalidInputException(file + ": no document has a label; annotate the records first");
            }
            return TestCollection.of(name, reader.queries, reader.documents, new Qrels(reader.grades));
        }
    }

    /** Each question with its documents, all of which must have a label; an empty file has none. */
    static <Q> List<Q> read(Path file, LabelledRecords.Maker<Q> maker) {
        try (JsonLines lines = JsonLines.open(file)) {
            RecordReader reader = new RecordReader(lines);
            List<Q> questions = new ArrayList<>();
            for (ObjectNode line = lines.next(); line != null; line = lines.next()) {
                questions.add(reader.graded(line, maker));
            }
            return questions;
        }
    }

    /** Whether the first record has a labelled document. */
    static boolean hasLabels(Path file) {
        try (JsonLines lines = JsonLines.open(file)) {
            ObjectNode first = lines.next();
            return first != null
                    && new RecordReader(lines)
                            .documents(first).stream().anyMatch(document -> document.hasNonNull("label"));
        }
    }

    private <Q> Q graded(ObjectNode line, LabelledRecords.Maker<Q> maker) {
        List<String> texts = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (JsonNode document : documents(line)) {
            Integer label = label(document);
            if (label == null || label < 0 || label > 2) {
                throw lines.bad("every document needs a label of 0, 1 or 2; annotate the records first");
            }
            String text = lines.text(document, "text");
            if (text.isBlank()) {
                throw lines.bad("every document needs a text");
            }
            texts.add(text);
            labels.add(label);
        }
        return maker.make(asked(line.path("question")), texts, labels);
    }

    private void add(ObjectNode line) {
        String site = lines.text(line, "site", "");
        JsonNode question = line.path("question");
        String id = question.isObject() ? join(site, lines.id(question, "id")) : "q" + lines.number();
        Map<String, Integer> labels = new LinkedHashMap<>();
        List<String> candidates = new ArrayList<>();
        for (JsonNode document : documents(line)) {
            String documentId =
                    document.has("id") ? join(site, lines.id(document, "id")) : id + "-" + (candidates.size() + 1);
            if (candidates.contains(documentId)) {
                throw lines.bad("document '" + documentId + "' occurs twice");
            }
            candidates.add(documentId);
            addDocument(documentId, lines.text(document, "text"));
            Integer label = label(document);
            if (label != null) {
                labels.put(documentId, label);
            }
        }
        if (queries.put(id, new Query(id, asked(question), Set.of(), candidates)) != null) {
            throw lines.bad("question '" + id + "' occurs twice");
        }
        if (!labels.isEmpty()) {
            grades.put(id, labels);
        }
    }

    private List<JsonNode> documents(ObjectNode line) {
        List<JsonNode> documents = new ArrayList<>();
        (line.has("documents") ? line.path("documents") : line.path("links")).forEach(documents::add);
        if (line.path("other_document").isObject()) {
            documents.add(line.path("other_document"));
        }
        if (documents.isEmpty()) {
            throw lines.bad("documents is missing or empty; is this a distillation record?");
        }
        return documents;
    }

    private void addDocument(String id, String text) {
        Document before = documents.put(id, new Document(id, "", text));
        if (before != null && !before.text().equals(text)) {
            throw lines.bad("document '" + id + "' has another text than before");
        }
    }

    private String asked(JsonNode question) {
        String text = question.isString()
                ? question.stringValue()
                : (lines.text(question, "title", "") + " " + lines.text(question, "body", "")).strip();
        if (text.isBlank()) {
            throw lines.bad("question is missing or blank");
        }
        return text;
    }

    private @Nullable Integer label(JsonNode document) {
        JsonNode label = document.path("label");
        if (label.isMissingNode() || label.isNull()) {
            return null;
        }
        if (!label.isIntegralNumber() || !label.canConvertToInt()) {
            throw lines.bad("label must be a whole number");
        }
        return label.intValue();
    }

    private static String join(String site, String id) {
        return site.isEmpty() ? id : site + "/" + id;
    }
}

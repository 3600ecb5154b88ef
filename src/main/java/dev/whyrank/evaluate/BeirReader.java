package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Reads a folder in the layout of BEIR: {@code corpus.jsonl}, {@code queries.jsonl}, {@code qrels/test.tsv}. */
final class BeirReader {

    private BeirReader() {}

    static TestCollection read(String name, Path folder, CollectionOptions options) {
        Path qrels = options.qrels() == null ? folder.resolve("qrels").resolve("test.tsv") : options.qrels();
        for (Path file : new Path[] {folder.resolve("corpus.jsonl"), folder.resolve("queries.jsonl"), qrels}) {
            if (!Files.isRegularFile(file)) {
                throw new InvalidInputException(
                        file + ": is missing; a BEIR folder has corpus.jsonl, queries.jsonl and qrels/test.tsv");
            }
        }
        Map<String, Query> queries = queries(folder.resolve("queries.jsonl"));
        Map<String, Document> documents = documents(folder.resolve("corpus.jsonl"));
        return TestCollection.of(name, queries, documents, TrecFiles.readQrels(qrels, queries.keySet()));
    }

    private static Map<String, Document> documents(Path file) {
        Map<String, Document> documents = new LinkedHashMap<>();
        try (JsonLines lines = JsonLines.open(file)) {
            for (ObjectNode line = lines.next(); line != null; line = lines.next()) {
                String id = lines.id(line, "_id");
                Document document = new Document(id, lines.text(line, "title", ""), lines.text(line, "text", ""));
                if (documents.put(id, document) != null) {
                    throw lines.bad("document '" + id + "' occurs twice");
                }
            }
        }
        if (documents.isEmpty()) {
            throw new InvalidInputException(file + ": holds no documents");
        }
        return documents;
    }

    private static Map<String, Query> queries(Path file) {
        Map<String, Query> queries = new LinkedHashMap<>();
        try (JsonLines lines = JsonLines.open(file)) {
            for (ObjectNode line = lines.next(); line != null; line = lines.next()) {
                String id = lines.id(line, "_id");
                String text = lines.text(line, "text");
                if (text.isBlank()) {
                    throw lines.bad("query '" + id + "' is blank; give it a text or drop it");
                }
                if (queries.put(id, new Query(id, text)) != null) {
                    throw lines.bad("query '" + id + "' occurs twice");
                }
            }
        }
        return queries;
    }
}

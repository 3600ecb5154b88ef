package dev.whyrank.evaluate;

import dev.whyrank.evaluate.Collections.Source;
import dev.whyrank.evaluate.Parquet.Row;
import dev.whyrank.model.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads BRIGHT's folder: below {@code examples} (or {@code MODEL_reason} for rewritten queries), {@code documents} and
 * {@code long_documents} one parquet file per set, possibly in parts.
 */
final class BrightReader {

    private static final String PART = "-\\d+-of-\\d+\\.parquet$|\\.parquet$";
    private static final String NONE = "N/A";

    private BrightReader() {}

    /** The sets for which there are documents; only some have long ones. */
    static List<Source> sets(Path folder, CollectionOptions options) {
        Path queries = queryFolder(folder, options);
        Path documents = folder.resolve(options.longDocuments() ? "long_documents" : "documents");
        if (!Files.isDirectory(documents)) {
            throw new InvalidInputException(documents + ": is missing; BRIGHT keeps its documents there");
        }
        Map<String, List<Path>> documentFiles = bySet(documents);
        List<Source> sources = bySet(queries).entrySet().stream()
                .filter(set -> documentFiles.containsKey(set.getKey()))
                .map(set -> new Source(
                        set.getKey(),
                        () -> read(
                                set.getKey(),
                                set.getValue(),
                                documentFiles.getOrDefault(set.getKey(), List.of()),
                                options.longDocuments())))
                .toList();
        if (sources.isEmpty()) {
            throw new InvalidInputException(folder + ": no set has parquet files in both " + queries.getFileName()
                    + " and " + documents.getFileName());
        }
        return sources;
    }

    private static Path queryFolder(Path folder, CollectionOptions options) {
        String reasoning = options.reasoning();
        if (reasoning == null) {
            return folder.resolve("examples");
        }
        Path named = folder.resolve(reasoning.endsWith("_reason") ? reasoning : reasoning + "_reason");
        if (!Files.isDirectory(named)) {
            throw new InvalidInputException(named + ": is missing; --reasoning names one of BRIGHT's *_reason folders");
        }
        return named;
    }

    private static Map<String, List<Path>> bySet(Path folder) {
        return Collections.files(folder, ".parquet").stream()
                .collect(Collectors.groupingBy(
                        file -> String.valueOf(file.getFileName()).replaceFirst(PART, ""),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }

    private static TestCollection read(String name, List<Path> examples, List<Path> contents, boolean longDocuments) {
        Map<String, Document> documents = new LinkedHashMap<>();
        for (Path file : contents) {
            Parquet.read(file, List.of("id", "content"), row -> addDocument(row, documents));
        }
        Map<String, Query> queries = new LinkedHashMap<>();
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        String gold = longDocuments ? "gold_ids_long" : "gold_ids";
        for (Path file : examples) {
            Parquet.read(file, List.of("id", "query", "excluded_ids", gold), row -> {
                String id = row.text("id");
                Query query = new Query(id, row.text("query"), ids(row, "excluded_ids"), null);
                if (query.text().isBlank()) {
                    throw row.bad("query '" + id + "' is blank");
                }
                if (queries.put(id, query) != null) {
                    throw row.bad("query '" + id + "' occurs twice");
                }
                Map<String, Integer> relevant = new LinkedHashMap<>();
                ids(row, gold).forEach(document -> relevant.put(document, 1));
                grades.put(id, relevant);
            });
        }
        return TestCollection.of(name, queries, documents, new Qrels(grades));
    }

    private static void addDocument(Row row, Map<String, Document> documents) {
        String id = row.text("id");
        if (documents.put(id, new Document(id, "", row.text("content"))) != null) {
            throw row.bad("document '" + id + "' occurs twice");
        }
    }

    private static Set<String> ids(Row row, String column) {
        Set<String> ids = row.texts(column);
        ids.remove(NONE);
        return ids;
    }
}

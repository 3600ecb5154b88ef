package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Queries, documents and judgements.
 *
 * @param name names it in reports
 * @param queries the queries that have judgements, by id
 * @param documents all documents by id
 * @param qrels the judgements
 */
record TestCollection(String name, Map<String, Query> queries, Map<String, Document> documents, Qrels qrels) {

    /** Drops the queries that nothing is known about; those that are judged must be there. */
    static TestCollection of(String name, Map<String, Query> queries, Map<String, Document> documents, Qrels qrels) {
        Map<String, Query> judged = new LinkedHashMap<>();
        qrels.queryIds().forEach(id -> judged.put(id, Objects.requireNonNull(queries.get(id))));
        return new TestCollection(name, judged, documents, qrels);
    }

    /** A sample of so many queries, in their order; 0 for all of them. The same seed draws the same. */
    TestCollection sample(int count, long seed) {
        if (count == 0 || count >= queries.size()) {
            return this;
        }
        List<String> ids = new ArrayList<>(queries.keySet());
        java.util.Collections.shuffle(ids, new Random(seed));
        Set<String> drawn = new TreeSet<>(ids.subList(0, count));
        Map<String, Query> kept = new LinkedHashMap<>();
        queries.forEach((id, query) -> {
            if (drawn.contains(id)) {
                kept.put(id, query);
            }
        });
        return new TestCollection(name, kept, documents, qrels.only(kept.keySet()));
    }

    /** A document that is known to be there. */
    Document document(String id) {
        Document document = documents.get(id);
        if (document == null) {
            throw new InvalidInputException("document '" + id + "' is not in " + name);
        }
        return document;
    }
}

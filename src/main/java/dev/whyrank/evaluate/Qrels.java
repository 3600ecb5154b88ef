package dev.whyrank.evaluate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Judgements: for each query, the grade of each judged document. A grade of 1 or more is relevant.
 *
 * @param grades query id to document id to grade, in the order of the file
 */
public record Qrels(Map<String, Map<String, Integer>> grades) {

    /** The grades of one query's documents; empty if nothing was judged. */
    public Map<String, Integer> of(String queryId) {
        return grades.getOrDefault(queryId, Map.of());
    }

    /** The queries that have judgements. */
    public Set<String> queryIds() {
        return grades.keySet();
    }

    /** The judgements of these queries, in their order. */
    Qrels only(Collection<String> queryIds) {
        Map<String, Map<String, Integer>> kept = new LinkedHashMap<>();
        queryIds.forEach(id -> kept.put(id, of(id)));
        return new Qrels(kept);
    }

    /** Whether grades tell more than relevant or not. */
    boolean graded() {
        return grades.values().stream()
                .anyMatch(judged -> judged.values().stream().anyMatch(grade -> grade > 1));
    }
}

package dev.whyrank.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a system returned: for each query, its documents.
 *
 * @param results query id to documents; {@link #ranked} orders them
 */
public record Run(Map<String, List<Scored>> results) {

    /** A document and the score that a system gave it. */
    public record Scored(String documentId, double score) {}

    /** trec_eval holds scores in 32 bits, so what is equal there is a tie here, and ties fall by document id. */
    private static final Comparator<Scored> TREC_ORDER = Comparator.comparingDouble(
                    (Scored scored) -> (float) scored.score())
            .thenComparing(Scored::documentId)
            .reversed();

    /** A query's documents as trec_eval orders them, whatever their ranks say: by score, ties by id, both falling. */
    public List<Scored> ranked(String queryId) {
        return results.getOrDefault(queryId, List.of()).stream()
                .sorted(TREC_ORDER)
                .toList();
    }
}

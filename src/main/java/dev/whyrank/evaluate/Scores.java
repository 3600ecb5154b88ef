package dev.whyrank.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a system reached.
 *
 * @param system its name
 * @param measures what was measured
 * @param perQuery query id to values, in the order of the measures; a query without a ranking has zeros
 */
record Scores(String system, List<Measure> measures, Map<String, double[]> perQuery) {

    /** Measures rankings of the queries that have judgements; others are ignored. */
    static Scores of(String system, List<Measure> measures, Map<String, List<String>> rankings, Qrels qrels) {
        Map<String, double[]> perQuery = new LinkedHashMap<>();
        for (String queryId : qrels.queryIds()) {
            JudgedRanking ranking = JudgedRanking.of(rankings.getOrDefault(queryId, List.of()), qrels.of(queryId));
            perQuery.put(
                    queryId,
                    measures.stream()
                            .mapToDouble(measure -> measure.of(ranking))
                            .toArray());
        }
        return new Scores(system, measures, perQuery);
    }

    /** The mean over all queries. */
    double mean(Measure measure) {
        return perQuery.isEmpty() ? 0 : Arrays.stream(values(measure)).average().orElse(0);
    }

    /** A measure's value for each query, in the order of the queries. */
    double[] values(Measure measure) {
        int column = measures.indexOf(measure);
        return perQuery.values().stream().mapToDouble(row -> row[column]).toArray();
    }
}

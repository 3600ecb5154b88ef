package dev.whyrank.rerank;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * BM25 with the request's own documents as the collection: the rarer a word of the query is among them, the more it
 * tells them apart. Needs no index, but its scores mean something within the request only.
 */
public final class RequestBm25 {

    private static final double K1 = 0.9;
    private static final double B = 0.4;

    private final Map<String, Integer> documentsWith = new HashMap<>();
    private final List<Map<String, Integer>> counts = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();

    private RequestBm25(List<List<String>> documents) {
        for (List<String> document : documents) {
            Map<String, Integer> count = new HashMap<>();
            document.forEach(term -> count.merge(term, 1, Integer::sum));
            new HashSet<>(document).forEach(term -> documentsWith.merge(term, 1, Integer::sum));
            counts.add(count);
            lengths.add(document.size());
        }
    }

    /** One score, at least 0, for each document. */
    public static List<Double> scores(TextAnalysis analysis, String query, List<String> documents) {
        RequestBm25 bm25 =
                new RequestBm25(documents.stream().map(analysis::terms).toList());
        List<String> terms = analysis.terms(query);
        double mean = bm25.lengths.stream().mapToInt(length -> length).average().orElse(0);
        List<Double> scores = new ArrayList<>();
        for (int document = 0; document < documents.size(); document++) {
            double norm = K1 * (1 - B + B * bm25.lengths.get(document) / Math.max(1, mean));
            scores.add(bm25.score(terms, bm25.counts.get(document), norm));
        }
        return scores;
    }

    private double score(List<String> terms, Map<String, Integer> count, double norm) {
        double sum = 0;
        for (String term : terms) {
            int times = count.getOrDefault(term, 0);
            if (times > 0) {
                int with = documentsWith.getOrDefault(term, 0);
                sum += Math.log(1 + (counts.size() - with + 0.5) / (with + 0.5)) * times / (times + norm);
            }
        }
        return sum;
    }
}

package dev.whyrank.rerank;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BM25 with the request's own documents as the collection: the rarer a word of the query is among them, the more it
 * tells them apart. Needs no index, but its scores mean something within the request only.
 */
public final class RequestBm25 {

    private static final double K1 = 0.9;
    private static final double B = 0.4;

    private final TextAnalysis analysis;
    private final Map<String, Integer> query = new HashMap<>();
    private final Map<String, Integer> documentsWith = new HashMap<>();
    private final List<Document> documents = new ArrayList<>();

    /** How often each word of the query stands in a document, and how many words there are in all. */
    private static final class Document {
        final Map<String, Integer> counts = new HashMap<>();
        int length;
    }

    private RequestBm25(TextAnalysis analysis, String query) {
        this.analysis = analysis;
        analysis.terms(query, term -> this.query.merge(term, 1, Integer::sum));
    }

    /** One score, at least 0, for each document. */
    public static List<Double> scores(TextAnalysis analysis, String query, List<String> documents) {
        RequestBm25 bm25 = new RequestBm25(analysis, query);
        documents.forEach(bm25::add);
        return bm25.scores();
    }

    private void add(String text) {
        Document document = new Document();
        analysis.terms(text, term -> {
            document.length++;
            if (query.containsKey(term)) {
                document.counts.merge(term, 1, Integer::sum);
            }
        });
        document.counts.keySet().forEach(term -> documentsWith.merge(term, 1, Integer::sum));
        documents.add(document);
    }

    private List<Double> scores() {
        double mean = documents.stream()
                .mapToInt(document -> document.length)
                .average()
                .orElse(0);
        return documents.stream().map(document -> score(document, mean)).toList();
    }

    private double score(Document document, double meanLength) {
        double norm = K1 * (1 - B + B * document.length / Math.max(1, meanLength));
        double sum = 0;
        for (Map.Entry<String, Integer> entry : document.counts.entrySet()) {
            int times = entry.getValue();
            int with = documentsWith.getOrDefault(entry.getKey(), 0);
            double rarity = Math.log(1 + (documents.size() - with + 0.5) / (with + 0.5));
            sum += query.getOrDefault(entry.getKey(), 0) * rarity * times / (times + norm);
        }
        return sum;
    }
}

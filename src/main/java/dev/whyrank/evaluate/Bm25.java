package dev.whyrank.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * BM25 over a collection, held in memory: Lucene's, with its English analyser, k1 0.9 and b 0.4. Queries are bags of
 * words. Equal scores fall in the order of the documents.
 */
final class Bm25 implements AutoCloseable {

    static final float K1 = 0.9f;
    static final float B = 0.4f;

    private static final String ID = "id";
    private static final String TEXT = "text";
    /** Questions of whole pages have more distinct words than Lucene allows by default. */
    private static final int MAX_WORDS = 1 << 16;

    private final Analyzer analyzer = new EnglishAnalyzer();
    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final boolean queryWeights;

    /**
     * Indexes documents.
     *
     * @param queryWeights weigh a query's words as if it were a document, as BRIGHT's baseline does, instead of counting
     *     them
     */
    Bm25(Collection<Document> documents, boolean queryWeights) {
        this.queryWeights = queryWeights;
        BM25Similarity similarity = new BM25Similarity(K1, B);
        IndexSearcher.setMaxClauseCount(MAX_WORDS);
        try {
            ByteBuffersDirectory directory = new ByteBuffersDirectory();
            IndexWriterConfig config = new IndexWriterConfig(analyzer)
                    .setSimilarity(similarity)
                    .setMergeScheduler(new SerialMergeScheduler());
            try (IndexWriter writer = new IndexWriter(directory, config)) {
                for (Document document : documents) {
                    writer.addDocument(List.of(
                            new StringField(ID, document.id(), Field.Store.YES),
                            new TextField(TEXT, document.indexed(), Field.Store.NO)));
                }
                writer.forceMerge(1);
            }
            reader = DirectoryReader.open(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        searcher = new IndexSearcher(reader);
        searcher.setSimilarity(similarity);
    }

    /** The best documents that share a word with the query, without those excluded. */
    List<Run.Scored> search(String query, int depth, Set<String> excluded) {
        return run(words(query).build(), depth + excluded.size()).stream()
                .filter(found -> !excluded.contains(found.documentId()))
                .limit(depth)
                .toList();
    }

    /** All these documents, best first; those that share no word come last with score 0, by id. */
    List<Run.Scored> rank(String query, Collection<String> candidates) {
        BooleanQuery.Builder words = words(query);
        words.add(new TermInSetQuery(ID, candidates.stream().map(BytesRef::new).toList()), Occur.FILTER);
        words.setMinimumNumberShouldMatch(1);
        List<Run.Scored> ranked = new ArrayList<>(run(words.build(), candidates.size()));
        Set<String> found = new HashSet<>();
        ranked.forEach(scored -> found.add(scored.documentId()));
        candidates.stream().filter(id -> !found.contains(id)).sorted().forEach(id -> ranked.add(new Run.Scored(id, 0)));
        return ranked;
    }

    private List<Run.Scored> run(BooleanQuery query, int depth) {
        try {
            List<Run.Scored> found = new ArrayList<>();
            for (ScoreDoc hit : searcher.search(query, Math.max(1, depth)).scoreDocs) {
                found.add(
                        new Run.Scored(searcher.storedFields().document(hit.doc).get(ID), hit.score));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BooleanQuery.Builder words(String query) {
        try {
            Map<String, Integer> counts = counts(query);
            BooleanQuery.Builder words = new BooleanQuery.Builder();
            for (Map.Entry<String, Double> word : (queryWeights ? weights(counts) : plain(counts)).entrySet()) {
                TermQuery term = new TermQuery(new Term(TEXT, word.getKey()));
                words.add(new BoostQuery(term, word.getValue().floatValue()), Occur.SHOULD);
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Integer> counts(String text) throws IOException {
        Map<String, Integer> counts = new LinkedHashMap<>();
        try (TokenStream tokens = analyzer.tokenStream(TEXT, text)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                counts.merge(term.toString(), 1, Integer::sum);
            }
            tokens.end();
        }
        return counts;
    }

    private static Map<String, Double> plain(Map<String, Integer> counts) {
        Map<String, Double> weights = new LinkedHashMap<>();
        counts.forEach((word, count) -> weights.put(word, (double) count));
        return weights;
    }

    /** BM25's weight of each word that the collection has, with the query in the document's place. */
    private Map<String, Double> weights(Map<String, Integer> counts) throws IOException {
        Map<String, Integer> frequencies = new HashMap<>();
        int length = 0;
        for (Map.Entry<String, Integer> word : counts.entrySet()) {
            int frequency = reader.docFreq(new Term(TEXT, word.getKey()));
            if (frequency > 0) {
                frequencies.put(word.getKey(), frequency);
                length += word.getValue();
            }
        }
        double documents = Math.max(1, reader.getDocCount(TEXT));
        double meanLength = Math.max(1, reader.getSumTotalTermFreq(TEXT)) / documents;
        double saturation = K1 * (1 - B + B * length / meanLength);
        Map<String, Double> weights = new LinkedHashMap<>();
        counts.forEach((word, count) -> {
            Integer frequency = frequencies.get(word);
            if (frequency != null) {
                double idf = Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
                weights.put(word, idf * count / (count + saturation));
            }
        });
        return weights;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        analyzer.close();
    }
}

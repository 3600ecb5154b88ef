package dev.whyrank.train.annotation;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

/** A dump's posts as plain text, found by id or, answers only, by BM25. On disk, in a folder that goes when it closes. */
final class PostIndex implements AutoCloseable {

    private static final float K1 = 0.9f;
    private static final float B = 0.4f;
    private static final int MOST_WORDS = 1 << 16;
    /** Answers to the question itself and to those it is linked with mostly come first. */
    private static final int LOOKED_PAST = 50;

    private static final String ID = "id";
    private static final String SEARCHED = "searched";
    private static final String TEXT = "text";
    private static final String TITLE = "title";
    private static final String PARENT = "parent";
    private static final String ACCEPTED = "accepted";
    private static final String QUESTION = "question";

    private final Path folder;
    private final FSDirectory directory;
    private final Analyzer analyzer = new EnglishAnalyzer();
    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    PostIndex(StackExchangeDump dump) {
        try {
            folder = Files.createTempDirectory("whyrank-posts");
            directory = FSDirectory.open(folder);
            IndexWriterConfig config = new IndexWriterConfig(analyzer)
                    .setSimilarity(new BM25Similarity(K1, B))
                    .setMergeScheduler(new SerialMergeScheduler());
            try (IndexWriter writer = new IndexWriter(directory, config)) {
                dump.posts(post -> add(writer, post));
            }
            reader = DirectoryReader.open(directory);
        } catch (IOException e) {
            throw new InvalidInputException("the posts cannot be indexed: " + e, e);
        }
        searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(K1, B));
        IndexSearcher.setMaxClauseCount(MOST_WORDS);
    }

    private static void add(IndexWriter writer, Post post) {
        String text = plain(post.body());
        if (text.isBlank()) {
            return;
        }
        Document document = new Document();
        document.add(new StringField(ID, Integer.toString(post.id()), Field.Store.YES));
        document.add(new StoredField(TEXT, text));
        document.add(new StoredField(TITLE, post.title()));
        document.add(new StoredField(PARENT, post.parent()));
        document.add(new StoredField(ACCEPTED, post.accepted()));
        document.add(new StoredField(QUESTION, post.isQuestion() ? 1 : 0));
        if (!post.isQuestion()) {
            document.add(new TextField(SEARCHED, text, Field.Store.NO));
        }
        try {
            writer.addDocument(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of HTML, paragraphs on lines of their own. */
    static String plain(String html) {
        StringBuilder text = new StringBuilder(html.length());
        try (HTMLStripCharFilter stripped = new HTMLStripCharFilter(new StringReader(html))) {
            char[] buffer = new char[4096];
            for (int read = stripped.read(buffer); read >= 0; read = stripped.read(buffer)) {
                text.append(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString()
                .replaceAll("[ \\t\\x0B\\f\\r\\u00a0]+", " ")
                .replaceAll(" ?\\n[ \\n]*", "\n")
                .strip();
    }

    /** A post whose body is plain text. */
    Optional<Post> find(int id) {
        try {
            ScoreDoc[] hits = searcher.search(new TermQuery(new Term(ID, Integer.toString(id))), 1).scoreDocs;
            return hits.length == 0 ? Optional.empty() : Optional.of(post(hits[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The best answers by BM25 to other questions than these. */
    List<Post> search(String words, int most, Set<Integer> notToQuestions) {
        Query query = new QueryBuilder(analyzer).createBooleanQuery(SEARCHED, words);
        List<Post> found = new ArrayList<>();
        if (query == null) {
            return found;
        }
        try {
            for (ScoreDoc hit : searcher.search(query, most + LOOKED_PAST).scoreDocs) {
                Post post = post(hit);
                if (found.size() < most && !notToQuestions.contains(post.parent())) {
                    found.add(post);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private Post post(ScoreDoc hit) throws IOException {
        Document stored = searcher.storedFields().document(hit.doc);
        return new Post(
                Integer.parseInt(stored.get(ID)),
                number(stored, QUESTION) == 1,
                number(stored, PARENT),
                number(stored, ACCEPTED),
                stored.get(TITLE),
                stored.get(TEXT));
    }

    private static int number(Document stored, String field) {
        return stored.getField(field).numericValue().intValue();
    }

    @Override
    public void close() {
        try {
            reader.close();
            directory.close();
            analyzer.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.whyrank.rerank;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/** How a text is taken apart into words that can be compared. Safe for use by many threads. */
public enum TextAnalysis {

    /** English words without their endings and without the commonest. */
    ENGLISH(new EnglishAnalyzer()),

    /** Words of any language in lower case. */
    STANDARD(new StandardAnalyzer());

    // Lucene's analysers keep what changes per thread, and hold nothing that would need closing before the end.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Analyzer analyzer;

    TextAnalysis(Analyzer analyzer) {
        this.analyzer = analyzer;
    }

    /**
     * A word of a text.
     *
     * @param term what it is compared by
     * @param surface as the text spells it
     */
    record Word(String term, String surface) {}

    /** The words of a text, in order. */
    List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        read(
                text,
                (term, offset) ->
                        words.add(new Word(term.toString(), text.substring(offset.startOffset(), offset.endOffset()))));
        return words;
    }

    /** Tells what each word of a text is compared by, in order; keeps none of them. */
    void terms(String text, Consumer<String> listener) {
        read(text, (term, offset) -> listener.accept(term.toString()));
    }

    private void read(String text, BiConsumer<CharTermAttribute, OffsetAttribute> listener) {
        try (TokenStream stream = analyzer.tokenStream("", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            OffsetAttribute offset = stream.addAttribute(OffsetAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                listener.accept(term, offset);
            }
            stream.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.whyrank.rerank;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How evidence is put into words: what was measured, and the sentences themselves. */
final class EvidenceWords {

    /** A longer sentence is quoted up to here. */
    static final int LONGEST_QUOTE = 400;

    private EvidenceWords() {}

    /** The explanation in the pieces in which it is told; each quote, in its marks, is a piece of its own. */
    static List<String> pieces(int label, EvidenceCoverage coverage, List<String> sentences, double similarity) {
        List<String> pieces = new ArrayList<>();
        pieces.add(
                switch (label) {
                    case 2 -> "The document speaks to the question.";
                    case 1 -> "The document is near the question.";
                    default -> "Nothing in the document comes close to the question.";
                });
        if (!coverage.covered().isEmpty()) {
            pieces.add(" It mentions: " + String.join(", ", coverage.covered()) + ".");
        }
        if (!coverage.missing().isEmpty()) {
            pieces.add(" It does not mention: " + String.join(", ", coverage.missing()) + ".");
        }
        pieces.add(sentences.size() == 1 ? " Closest passage: " : " Closest passages: ");
        for (int i = 0; i < sentences.size(); i++) {
            if (i > 0) {
                pieces.add(" and ");
            }
            pieces.add(marked(quote(sentences.get(i))));
        }
        pieces.add(String.format(Locale.ROOT, " (similarity %.2f)", similarity));
        return pieces;
    }

    /** Marks of the kind that the sentence itself does not use, so that the quote's end can be told. */
    private static String marked(String quote) {
        return quote.indexOf('"') < 0 ? '"' + quote + '"' : '\u201c' + quote + '\u201d';
    }

    /** A verbatim beginning of the sentence, cut between words where possible, never inside a character. */
    static String quote(String sentence) {
        if (sentence.length() <= LONGEST_QUOTE) {
            return sentence;
        }
        int cut = sentence.lastIndexOf(' ', LONGEST_QUOTE);
        int end = cut > LONGEST_QUOTE / 2 ? cut : LONGEST_QUOTE;
        return Characters.prefix(sentence, end);
    }
}

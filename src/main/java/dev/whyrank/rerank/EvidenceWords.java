package dev.whyrank.rerank;

import java.util.List;
import java.util.Locale;

/** How evidence is put into words: what was measured, and the sentence itself. */
final class EvidenceWords {

    /** A longer sentence is quoted up to here. */
    static final int LONGEST_QUOTE = 400;

    private EvidenceWords() {}

    /** The explanation in the pieces in which it is told. */
    static List<String> pieces(int label, String sentence, double similarity) {
        String lead = switch (label) {
            case 2 -> "The document speaks to the question. Closest passage: ";
            case 1 -> "The document is near the question. Closest passage: ";
            default -> "Nothing in the document comes close to the question. Closest passage: ";
        };
        String measure = String.format(Locale.ROOT, " (similarity %.2f)", similarity);
        return List.of(lead, "\"" + quote(sentence) + "\"", measure);
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

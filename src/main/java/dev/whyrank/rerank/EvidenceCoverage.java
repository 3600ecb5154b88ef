package dev.whyrank.rerank;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What of a query a document mentions: words as the query spells them, most frequent in the query first.
 *
 * @param covered words that the document has in some form
 * @param missing words that it has not
 */
record EvidenceCoverage(List<String> covered, List<String> missing) {

    private static final int MOST = 5;
    private static final int SHORTEST = 3;

    /** Words that ask, point or join, and would name nothing. */
    private static final Set<String> EMPTY_WORDS =
            Set.of(("about after all also although always and another any anyone are because been before being both but"
                            + " can cannot could did does doing done don each either else ever every few for from get gets getting"
                            + " give given gives going good got had has have having her here him his how however i'm i've into its"
                            + " it's just know let like made make makes making many may maybe might more most much must need not now off one ones"
                            + " only other our out over perhaps please possible question quite rather really said same say see seem"
                            + " seems she should since some someone something still such sure take tell than thank thanks that the"
                            + " their them then there these they thing things think this those though through thus too try trying"
                            + " two under until use used using very want wants was way ways were what whatever when where whether"
                            + " which while who whom whose why will with within without wonder wondering would yes yet you your")
                    .split(" "));

    /** The query's words, read once for all documents of a request. */
    static List<TextAnalysis.Word> words(TextAnalysis analysis, String query) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        Map<String, String> surfaces = new LinkedHashMap<>();
        for (TextAnalysis.Word word : analysis.words(query)) {
            if (tells(word.surface())) {
                counts.merge(word.term(), 1, Integer::sum);
                surfaces.putIfAbsent(word.term(), word.surface());
            }
        }
        List<TextAnalysis.Word> words = new ArrayList<>();
        surfaces.forEach((term, surface) -> words.add(new TextAnalysis.Word(term, surface)));
        words.sort(Comparator.comparingInt(word -> -counts.getOrDefault(word.term(), 0)));
        return words;
    }

    /**
     * Compares words.
     *
     * @param sentences what of the document was read
     */
    static EvidenceCoverage of(List<TextAnalysis.Word> query, TextAnalysis analysis, List<String> sentences) {
        Set<String> terms = new HashSet<>();
        sentences.forEach(sentence -> analysis.terms(sentence, terms::add));
        List<String> covered = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (TextAnalysis.Word word : query) {
            List<String> kind = terms.contains(word.term()) ? covered : missing;
            if (kind.size() < MOST) {
                kind.add(word.surface());
            }
        }
        return new EvidenceCoverage(covered, missing);
    }

    private static boolean tells(String surface) {
        return surface.length() >= SHORTEST
                && surface.chars().anyMatch(Character::isLetter)
                && !EMPTY_WORDS.contains(surface.toLowerCase(Locale.ROOT));
    }
}

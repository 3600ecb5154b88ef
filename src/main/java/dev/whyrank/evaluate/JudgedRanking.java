package dev.whyrank.evaluate;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One query's ranking, seen through its judgements: all that a measure needs.
 *
 * @param grades the grade of each ranked document, best first; 0 if unjudged, and never negative
 * @param judged whether each ranked document was judged; a negative grade says it was not
 * @param ideal the grades of all relevant documents, falling
 * @param nonRelevant how many documents were judged not relevant
 */
record JudgedRanking(int[] grades, boolean[] judged, int[] ideal, int nonRelevant) {

    static JudgedRanking of(List<String> documentIds, Map<String, Integer> qrels) {
        int[] grades = new int[documentIds.size()];
        boolean[] judged = new boolean[documentIds.size()];
        for (int i = 0; i < grades.length; i++) {
            Integer grade = qrels.get(documentIds.get(i));
            judged[i] = grade != null && grade >= 0;
            grades[i] = judged[i] && grade != null ? grade : 0;
        }
        int[] ideal = qrels.values().stream()
                .filter(grade -> grade > 0)
                .sorted(Comparator.reverseOrder())
                .mapToInt(Integer::intValue)
                .toArray();
        int nonRelevant =
                (int) qrels.values().stream().filter(grade -> grade == 0).count();
        return new JudgedRanking(grades, judged, ideal, nonRelevant);
    }

    /** A ranking of all there is, as grades from 0, best document first. */
    static JudgedRanking ofAll(List<Integer> ranked) {
        List<String> places =
                IntStream.range(0, ranked.size()).mapToObj(String::valueOf).toList();
        Map<String, Integer> grades = new HashMap<>();
        places.forEach(place -> grades.put(place, ranked.get(Integer.parseInt(place))));
        return of(places, grades);
    }

    int relevant() {
        return ideal.length;
    }

    /** How many of the first {@code cutoff} documents are relevant. */
    int relevantAt(int cutoff) {
        int found = 0;
        for (int i = 0; i < Math.min(cutoff, grades.length); i++) {
            found += grades[i] > 0 ? 1 : 0;
        }
        return found;
    }
}

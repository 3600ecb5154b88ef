package dev.whyrank.train.refinement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How alike two lists of queries are, query by query. Pure. */
final class QueryOverlap {

    private QueryOverlap() {}

    private record Match(int written, int reference, double overlap) {}

    /**
     * Each query is matched with at most one of the other list, the most alike first; the result is the sum over
     * matches of their overlap of words, twice, over the number of queries in both lists: 1 for equal lists in any
     * order, less for what is missing, made up or said again.
     */
    static double of(List<String> written, List<String> reference) {
        if (written.isEmpty() || reference.isEmpty()) {
            return 0;
        }
        boolean[] used = new boolean[written.size()];
        boolean[] met = new boolean[reference.size()];
        double sum = 0;
        for (Match match : matches(written, reference)) {
            if (!used[match.written()] && !met[match.reference()]) {
                used[match.written()] = true;
                met[match.reference()] = true;
                sum += match.overlap();
            }
        }
        return 2 * sum / (written.size() + reference.size());
    }

    private static List<Match> matches(List<String> written, List<String> reference) {
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            for (int j = 0; j < reference.size(); j++) {
                matches.add(new Match(i, j, Reward.overlap(written.get(i), reference.get(j))));
            }
        }
        matches.sort(Comparator.comparingDouble(Match::overlap).reversed());
        return matches;
    }
}

package dev.whyrank.evaluate;

/** Discounted cumulative gain with linear gains: a grade counts as itself, divided by the logarithm of its place. */
final class Gains {

    private Gains() {}

    /** The gain of a ranking's first documents, relative to that of the best possible ranking. */
    static double ndcg(JudgedRanking ranking, int cutoff) {
        double best = discounted(ranking.ideal(), cutoff);
        return best == 0 ? 0 : discounted(ranking.grades(), cutoff) / best;
    }

    private static double discounted(int[] grades, int cutoff) {
        double sum = 0;
        for (int i = 0; i < Math.min(cutoff, grades.length); i++) {
            sum += grades[i] * Math.log(2) / Math.log(i + 2);
        }
        return sum;
    }
}

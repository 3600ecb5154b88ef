package dev.whyrank.evaluate;

/** Measures that ask where the relevant documents stand, whatever their grade. At least one must be relevant. */
final class Precisions {

    private Precisions() {}

    /** The mean, over all relevant documents, of the precision where each is found; 0 for those not found. */
    static double averagePrecision(JudgedRanking ranking, int cutoff) {
        int[] grades = ranking.grades();
        double sum = 0;
        int found = 0;
        for (int i = 0; i < Math.min(cutoff, grades.length); i++) {
            if (grades[i] > 0) {
                found++;
                sum += (double) found / (i + 1);
            }
        }
        return sum / ranking.relevant();
    }

    static double reciprocalRank(JudgedRanking ranking) {
        int[] grades = ranking.grades();
        for (int i = 0; i < grades.length; i++) {
            if (grades[i] > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    /** How rarely a document judged not relevant stands above a relevant one; unjudged documents do not count. */
    static double bpref(JudgedRanking ranking) {
        int relevant = ranking.relevant();
        int pairs = Math.min(relevant, ranking.nonRelevant());
        double sum = 0;
        int above = 0;
        for (int i = 0; i < ranking.grades().length; i++) {
            if (ranking.grades()[i] > 0) {
                sum += above == 0 ? 1 : 1 - (double) Math.min(above, relevant) / pairs;
            } else if (ranking.judged()[i]) {
                above++;
            }
        }
        return sum / relevant;
    }
}

package dev.whyrank.rerank;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders judged documents by model score, fused with first-stage scores where the caller sent some, or the judge
 * has its own to stand in.
 *
 * <p>Scores never tie. Equal ones are ordered by first-stage score, then by place in the request, and spread by {@link
 * #GAP}: from the bottom up each score is at least a gap above the next, then from the top down none exceeds 1. The
 * gap is wide enough to survive single precision and six printed decimals; scores that differ by more keep their value.
 */
final class Ranking {

    /** Least distance between two scores. */
    static final double GAP = 1e-6;

    private Ranking() {}

    /**
     * A judged document.
     *
     * @param index its place in the request
     * @param modelScore in [0, 1]
     * @param tier documents of a lower tier stand above all others, whatever their score
     */
    record Entry(int index, double modelScore, int tier) {}

    /** A place: the best first. */
    record Place(int index, double score) {}

    private record Fused(Entry entry, double score, double firstStage) {}

    /**
     * Ranks documents.
     *
     * @param judged the documents to rank
     * @param firstStage the score of every document of the request, null where there is none; not finite is none
     * @param alpha the model's share, in [0, 1], where there is any first-stage score
     * @return best first, scores strictly falling in [0, 1]
     */
    static List<Place> rank(List<Entry> judged, List<@Nullable Double> firstStage, double alpha) {
        DoubleSummaryStatistics first = new DoubleSummaryStatistics();
        firstStage.stream().filter(Ranking::present).forEach(first::accept);
        List<Fused> fused = new ArrayList<>(fuse(judged, firstStage, first, alpha));
        fused.sort(Comparator.<Fused>comparingInt(f -> f.entry().tier())
                .thenComparing(Comparator.comparingDouble(Fused::score).reversed())
                .thenComparing(Comparator.comparingDouble(Fused::firstStage).reversed())
                .thenComparingInt(f -> f.entry().index()));
        return spread(fused);
    }

    private static boolean present(@Nullable Double score) {
        return score != null && Double.isFinite(score);
    }

    private static List<Fused> fuse(
            List<Entry> judged, List<@Nullable Double> firstStage, DoubleSummaryStatistics first, double alpha) {
        DoubleSummaryStatistics model =
                judged.stream().mapToDouble(Entry::modelScore).summaryStatistics();
        return judged.stream()
                .map(entry -> {
                    if (first.getCount() == 0) {
                        return new Fused(entry, entry.modelScore(), 0);
                    }
                    Double given = firstStage.get(entry.index());
                    double known = given != null && Double.isFinite(given) ? given : first.getMin();
                    double score = alpha * scaled(entry.modelScore(), model) + (1 - alpha) * scaled(known, first);
                    return new Fused(entry, score, known);
                })
                .toList();
    }

    private static double scaled(double value, DoubleSummaryStatistics range) {
        // Halves first, so that a range from -MAX to MAX does not overflow.
        double width = range.getMax() / 2 - range.getMin() / 2;
        return width > 0 ? (value / 2 - range.getMin() / 2) / width : 0.5;
    }

    private static List<Place> spread(List<Fused> sorted) {
        int count = sorted.size();
        double gap = Math.min(GAP, 0.5 / Math.max(1, count));
        double[] scores = new double[count];
        double lowest = 1;
        for (int i = 0; i < count; i++) {
            lowest = Math.min(lowest, Math.max(0, sorted.get(i).score()));
            scores[i] = lowest;
        }
        for (int i = count - 2; i >= 0; i--) {
            scores[i] = Math.max(scores[i], scores[i + 1] + gap);
        }
        double ceiling = 1;
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double score = Math.max(0, Math.min(scores[i], ceiling));
            places.add(new Place(sorted.get(i).entry().index(), score));
            ceiling = score - gap;
        }
        return places;
    }
}

package dev.whyrank.evaluate;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** How well scores and labels given agree with grades known, over questions with a few documents each. */
public final class Agreement {

    /** Questions have too few documents for more places to tell anything. */
    private static final int CUTOFF = 3;

    private static final int RESAMPLES = 1000;
    private static final int LABELS = 3;

    private Agreement() {}

    /**
     * A document.
     *
     * @param grade known, 0 to 2
     * @param score given; higher is better
     * @param label given, 0 to 2
     */
    public record Judged(int grade, double score, int label) {}

    /** A value and its 95% interval when questions are resampled. */
    public record Estimate(double value, double low, double high) {}

    /** Takes a measure of questions, each a list of its documents. The same seed gives the same interval. */
    public static Estimate estimate(
            List<List<Judged>> questions, ToDoubleFunction<List<List<Judged>>> measure, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[RESAMPLES];
        for (int round = 0; round < RESAMPLES; round++) {
            List<List<Judged>> drawn = IntStream.range(0, questions.size())
                    .mapToObj(i -> questions.get(random.nextInt(questions.size())))
                    .toList();
            values[round] = measure.applyAsDouble(drawn);
        }
        Arrays.sort(values);
        return new Estimate(
                measure.applyAsDouble(questions),
                values[(int) (0.025 * (RESAMPLES - 1))],
                values[(int) Math.ceil(0.975 * (RESAMPLES - 1))]);
    }

    /**
     * Mean nDCG@3. Equal scores are ordered worst first, because records name good documents first and an order kept by
     * chance must not count. A question without relevant documents counts as 0.
     */
    public static double ndcg(List<List<Judged>> questions) {
        return questions.stream()
                .mapToDouble(question -> Gains.ndcg(ranking(question), CUTOFF))
                .average()
                .orElse(0);
    }

    private static JudgedRanking ranking(List<Judged> question) {
        return JudgedRanking.ofAll(question.stream()
                .sorted(Comparator.comparingDouble(Judged::score).reversed().thenComparingInt(Judged::grade))
                .map(Judged::grade)
                .toList());
    }

    /** Which labels were given to which grades. */
    public static Confusion confusion(List<List<Judged>> questions) {
        int[][] counts = new int[LABELS][LABELS];
        questions.stream().flatMap(Collection::stream).forEach(one -> counts[one.grade()][one.label()]++);
        return new Confusion(counts);
    }
}

package dev.whyrank.train;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** How well scores and labels given agree with labels known, over questions. */
public final class Agreement {

    private static final int CUTOFF = 3;
    private static final int RESAMPLES = 1000;

    private Agreement() {}

    /**
     * A document.
     *
     * @param label known, 0 to 2
     * @param score given; higher is better
     * @param given label given, 0 to 2
     */
    public record Judged(int label, double score, int given) {}

    /** A value and its 95% interval when questions are resampled. */
    public record Estimate(double value, double low, double high) {}

    /** Takes a measure of questions, each a list of its documents. */
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
     * Mean nDCG@3 as trec_eval computes it. Equal scores are ordered worst first, because records name good documents
     * first and an order kept by chance must not count. A question without relevant documents counts as 0.
     */
    public static double ndcg(List<List<Judged>> questions) {
        return questions.stream().mapToDouble(Agreement::ndcgOf).average().orElse(0);
    }

    private static double ndcgOf(List<Judged> documents) {
        double ideal = gain(documents.stream()
                .map(Judged::label)
                .sorted(Comparator.reverseOrder())
                .toList());
        double found = gain(documents.stream()
                .sorted(Comparator.comparingDouble(Judged::score).reversed().thenComparingInt(Judged::label))
                .map(Judged::label)
                .toList());
        return ideal == 0 ? 0 : found / ideal;
    }

    private static double gain(List<Integer> labels) {
        double sum = 0;
        for (int i = 0; i < Math.min(CUTOFF, labels.size()); i++) {
            sum += labels.get(i) * Math.log(2) / Math.log(i + 2.0);
        }
        return sum;
    }

    /** Share of documents whose label is right. */
    public static double accuracy(List<List<Judged>> questions) {
        return accuracy(confusion(questions));
    }

    /** Mean of the three labels' F1. */
    public static double macroF1(List<List<Judged>> questions) {
        return macroF1(confusion(questions));
    }

    /** Rows are known labels, columns given ones. */
    private static int[][] confusion(List<List<Judged>> questions) {
        int[][] confusion = new int[3][3];
        questions.stream().flatMap(Collection::stream).forEach(one -> confusion[one.label()][one.given()]++);
        return confusion;
    }

    static double accuracy(int[][] confusion) {
        int right = confusion[0][0] + confusion[1][1] + confusion[2][2];
        int all = Arrays.stream(confusion).flatMapToInt(Arrays::stream).sum();
        return all == 0 ? 0 : (double) right / all;
    }

    static double macroF1(int[][] confusion) {
        double sum = 0;
        for (int label = 0; label < 3; label++) {
            int known = confusion[label][0] + confusion[label][1] + confusion[label][2];
            int given = confusion[0][label] + confusion[1][label] + confusion[2][label];
            sum += known + given == 0 ? 0 : 2.0 * confusion[label][label] / (known + given);
        }
        return sum / 3;
    }
}

package dev.whyrank.evaluate;

import dev.whyrank.rerank.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * How well labels agree with graded judgements, and how far their probabilities can be believed.
 *
 * @param labels the labels that occur, rising
 * @param confusion rows are judgements, columns the model's labels, in the order of {@code labels}
 * @param bins label probabilities in tenths
 */
record LabelQuality(List<Integer> labels, Confusion confusion, List<Bin> bins) {

    private static final int BINS = 10;

    /** A judged document's grade and what the model said of it. */
    record Pair(int grade, Judgement judgement) {}

    /**
     * Labels whose probability lies in one tenth.
     *
     * @param count how many
     * @param confidence their mean probability
     * @param accuracy the share that is right
     */
    record Bin(int count, double confidence, double accuracy) {}

    static LabelQuality of(List<Pair> pairs) {
        TreeSet<Integer> occurring = new TreeSet<>();
        pairs.forEach(pair -> {
            occurring.add(pair.grade());
            occurring.addAll(pair.judgement().labels());
        });
        List<Integer> labels = List.copyOf(occurring);
        int[][] confusion = new int[labels.size()][labels.size()];
        List<List<Pair>> bins = IntStream.range(0, BINS)
                .<List<Pair>>mapToObj(i -> new ArrayList<>())
                .toList();
        for (Pair pair : pairs) {
            confusion[labels.indexOf(pair.grade())][
                    labels.indexOf(pair.judgement().label())]++;
            bins.get((int) Math.min(BINS - 1, confidence(pair.judgement()) * BINS))
                    .add(pair);
        }
        return new LabelQuality(
                labels,
                new Confusion(confusion),
                bins.stream().map(LabelQuality::bin).toList());
    }

    private static double confidence(Judgement judgement) {
        return judgement.labelProbabilities().get(judgement.labels().indexOf(judgement.label()));
    }

    private static Bin bin(List<Pair> pairs) {
        double confidence = pairs.stream()
                .mapToDouble(pair -> confidence(pair.judgement()))
                .average()
                .orElse(0);
        double accuracy = pairs.stream()
                .mapToDouble(pair -> pair.grade() == pair.judgement().label() ? 1 : 0)
                .average()
                .orElse(0);
        return new Bin(pairs.size(), confidence, accuracy);
    }

    int count() {
        return confusion.total();
    }

    /** How far the probabilities are off: the mean distance of confidence and accuracy, by number of labels. */
    double calibrationError() {
        double sum = bins.stream()
                .mapToDouble(bin -> bin.count() * Math.abs(bin.confidence() - bin.accuracy()))
                .sum();
        return count() == 0 ? 0 : sum / count();
    }
}

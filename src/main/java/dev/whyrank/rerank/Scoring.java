package dev.whyrank.rerank;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** From label log probabilities to one number. */
final class Scoring {

    private Scoring() {}

    /**
     * The softmax over the labels alone.
     *
     * @param logProbabilities one for each label
     * @return probabilities that sum to 1, or nothing if there is a NaN, the number of labels is another, or no label is
     *     possible at all
     */
    static Optional<List<Double>> probabilities(LabelSet labels, float[] logProbabilities) {
        if (logProbabilities.length != labels.size()) {
            return Optional.empty();
        }
        double highest = Double.NEGATIVE_INFINITY;
        for (float value : logProbabilities) {
            if (Float.isNaN(value) || value == Float.POSITIVE_INFINITY) {
                return Optional.empty();
            }
            highest = Math.max(highest, value);
        }
        if (highest == Double.NEGATIVE_INFINITY) {
            return Optional.empty();
        }
        double sum = 0;
        for (float value : logProbabilities) {
            sum += Math.exp(value - highest);
        }
        List<Double> probabilities = new ArrayList<>();
        for (float value : logProbabilities) {
            probabilities.add(Math.exp(value - highest) / sum);
        }
        return Optional.of(probabilities);
    }

    /** All on one label. */
    static List<Double> certain(LabelSet labels, int index) {
        List<Double> probabilities = new ArrayList<>(Collections.nCopies(labels.size(), 0.0));
        probabilities.set(index, 1.0);
        return probabilities;
    }

    /** The place of the highest probability, the lowest label among equals. */
    static int mostLikely(List<Double> probabilities) {
        return probabilities.indexOf(Collections.max(probabilities));
    }

    /** The expected label divided by the highest label, in [0, 1]. */
    static double modelScore(LabelSet labels, List<Double> probabilities) {
        double expected = 0;
        for (int i = 0; i < labels.size(); i++) {
            expected += labels.values().get(i) * probabilities.get(i);
        }
        return Math.min(1, Math.max(0, expected / labels.highest()));
    }
}

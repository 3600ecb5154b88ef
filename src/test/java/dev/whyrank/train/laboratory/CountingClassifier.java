package dev.whyrank.train.laboratory;

import dev.whyrank.train.tuning.TrainingRecord;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Multinomial logistic regression on counts of words, or of pairs of words in one sentence. Names are replaced by their
 * part in the question, or else no classifier could generalise at all.
 */
final class CountingClassifier {

    private static final int PASSES = 30;
    private static final double RATE = 0.02;

    private final int size;
    private final Map<String, double[]> weights = new HashMap<>();

    CountingClassifier(List<TrainingRecord> records, int size) {
        this.size = size;
        List<Map<String, Integer>> features = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (TrainingRecord record : records) {
            for (Judged document : record.documents()) {
                features.add(features(record.question(), document.text()));
                labels.add(document.label());
            }
        }
        for (int pass = 0; pass < PASSES; pass++) {
            for (int i = 0; i < features.size(); i++) {
                learn(features.get(i), labels.get(i));
            }
        }
    }

    double accuracy(List<TrainingRecord> records) {
        int right = 0;
        int all = 0;
        for (TrainingRecord record : records) {
            for (Judged document : record.documents()) {
                double[] p = probabilities(features(record.question(), document.text()));
                int best = p[0] >= p[1] && p[0] >= p[2] ? 0 : p[1] >= p[2] ? 1 : 2;
                right += best == document.label() ? 1 : 0;
                all++;
            }
        }
        return (double) right / all;
    }

    private Map<String, Integer> features(String question, String document) {
        String[] asked = question.replace("?", "").split(" ", -1);
        String text =
                document.replaceAll("\\b" + asked[3] + "\\b", "START").replaceAll("\\b" + asked[5] + "\\b", "TARGET");
        Map<String, Integer> counts = new HashMap<>();
        for (String sentence : text.split("\\.\\s*", -1)) {
            List<String> words = new ArrayList<>();
            for (String word : sentence.split(" ", -1)) {
                words.add(Names.ALL.contains(word) ? "PLACE" : word);
            }
            for (int i = 0; i < words.size(); i++) {
                if (size == 1) {
                    counts.merge(words.get(i), 1, Integer::sum);
                }
                for (int j = i + 1; size == 2 && j < words.size(); j++) {
                    counts.merge(
                            String.join("+", new TreeSet<>(List.of(words.get(i), words.get(j) + "'"))),
                            1,
                            Integer::sum);
                }
            }
        }
        return counts;
    }

    private double[] probabilities(Map<String, Integer> features) {
        double[] scores = new double[3];
        features.forEach((name, count) -> {
            double[] weight = weights.getOrDefault(name, new double[3]);
            for (int label = 0; label < 3; label++) {
                scores[label] += weight[label] * count;
            }
        });
        double sum = 0;
        for (int label = 0; label < 3; label++) {
            scores[label] = Math.exp(Math.min(30, scores[label]));
            sum += scores[label];
        }
        for (int label = 0; label < 3; label++) {
            scores[label] /= sum;
        }
        return scores;
    }

    private void learn(Map<String, Integer> features, int label) {
        double[] p = probabilities(features);
        features.forEach((name, count) -> {
            double[] weight = weights.computeIfAbsent(name, key -> new double[3]);
            for (int other = 0; other < 3; other++) {
                weight[other] += RATE * count * ((other == label ? 1 : 0) - p[other]);
            }
        });
    }
}

package dev.whyrank.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * trec_eval's definitions once more, written from their formulas without a look at the code under test: rankings as
 * lists of grades, logarithms to base 2, sums by hand. A query that the run lacks has an empty ranking.
 */
final class NaiveMeasures {

    private final Map<String, Map<String, Integer>> grades = new HashMap<>();
    private final Map<String, List<String[]>> run = new HashMap<>();

    NaiveMeasures(List<String> runLines, List<String> qrelsLines) {
        for (String line : qrelsLines) {
            String[] f = line.split(" ", -1);
            grades.computeIfAbsent(f[0], q -> new HashMap<>()).put(f[2], Integer.valueOf(f[3]));
        }
        for (String line : runLines) {
            String[] f = line.split(" ", -1);
            run.computeIfAbsent(f[0], q -> new ArrayList<>()).add(new String[] {f[2], f[4]});
        }
    }

    /** The mean over all judged queries. */
    double mean(String measure, int k) {
        double sum = 0;
        for (String query : grades.keySet()) {
            sum += value(query, measure, k);
        }
        return sum / grades.size();
    }

    double value(String query, String measure, int k) {
        Map<String, Integer> judgements = grades.getOrDefault(query, Map.of());
        List<Integer> found = new ArrayList<>();
        for (String document : ranking(query)) {
            found.add(Math.max(0, judgements.getOrDefault(document, 0)));
        }
        List<Integer> ideal = new ArrayList<>();
        for (int grade = 9; grade >= 1; grade--) {
            for (int judged : judgements.values()) {
                if (judged == grade) {
                    ideal.add(grade);
                }
            }
        }
        if (ideal.isEmpty()) {
            return 0;
        }
        return switch (measure) {
            case "ndcg" -> dcg(found, k) / dcg(ideal, k);
            case "P" -> hits(found, k) / k;
            case "recall" -> hits(found, k) / ideal.size();
            case "success" -> Math.min(1, hits(found, k));
            case "map" -> averagePrecision(found, k) / ideal.size();
            case "recip_rank" -> reciprocal(found);
            case "Rprec" -> hits(found, ideal.size()) / ideal.size();
            default -> throw new IllegalArgumentException(measure);
        };
    }

    private List<String> ranking(String query) {
        List<String[]> left = new ArrayList<>(run.getOrDefault(query, List.of()));
        List<String> ranking = new ArrayList<>();
        while (!left.isEmpty()) {
            String[] best = left.get(0);
            for (String[] other : left) {
                double difference = Double.parseDouble(other[1]) - Double.parseDouble(best[1]);
                if (difference > 0 || (difference == 0 && other[0].compareTo(best[0]) > 0)) {
                    best = other;
                }
            }
            ranking.add(best[0]);
            left.remove(best);
        }
        return ranking;
    }

    private static double dcg(List<Integer> found, int k) {
        double sum = 0;
        for (int rank = 1; rank <= k && rank <= found.size(); rank++) {
            sum += found.get(rank - 1) / (Math.log(rank + 1.0) / Math.log(2.0));
        }
        return sum;
    }

    private static double hits(List<Integer> found, int k) {
        return found.stream().limit(k).filter(grade -> grade >= 1).count();
    }

    private static double averagePrecision(List<Integer> found, int k) {
        double sum = 0;
        for (int rank = 1; rank <= k && rank <= found.size(); rank++) {
            sum += found.get(rank - 1) >= 1 ? hits(found, rank) / rank : 0;
        }
        return sum;
    }

    private static double reciprocal(List<Integer> found) {
        for (int rank = 1; rank <= found.size(); rank++) {
            if (found.get(rank - 1) >= 1) {
                return 1.0 / rank;
            }
        }
        return 0;
    }
}

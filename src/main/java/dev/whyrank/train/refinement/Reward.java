package dev.whyrank.train.refinement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Says how good an answer to a pair is; higher is better, on any scale, since rewards are compared within a pair only. */
@FunctionalInterface
public interface Reward {

    double of(Pair pair, Answer answer);

    /** Share of the reward that the label decides. */
    double LABEL_SHARE = 0.8;

    /**
     * Needs no other model: agreement with the teacher's label, and the overlap of words with the teacher's explanation
     * (F1 over words, each counted as often as it occurs).
     */
    static Reward agreement() {
        return (pair, answer) -> {
            double label = answer.stated() && answer.label() == pair.teacher().label() ? 1 : 0;
            double words = overlap(answer.explanation(), pair.teacher().explanation());
            return LABEL_SHARE * label + (1 - LABEL_SHARE) * words;
        };
    }

    /** F1 of the words of two texts. */
    static double overlap(String written, String reference) {
        Map<String, Integer> left = new HashMap<>();
        String[] expected = words(reference);
        String[] actual = words(written);
        Arrays.stream(expected).forEach(word -> left.merge(word, 1, Integer::sum));
        int shared = 0;
        for (String word : actual) {
            int count = left.getOrDefault(word, 0);
            if (count > 0) {
                shared++;
                left.put(word, count - 1);
            }
        }
        return expected.length + actual.length == 0 ? 0 : 2.0 * shared / (expected.length + actual.length);
    }

    private static String[] words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("\\W+", -1))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }
}

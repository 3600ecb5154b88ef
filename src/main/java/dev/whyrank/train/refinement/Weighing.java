package dev.whyrank.train.refinement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From rewards to weights, pair by pair. Pure.
 *
 * @param minReward answers whose reward, brought to [0, 1] within the pair, is below this are not learnt
 * @param boosting whether a pair counts by the share of samples whose label differs from the teacher's, so that pairs
 *     that the model always gets right vanish
 * @param power of the reward in the weight
 */
public record Weighing(double minReward, boolean boosting, double power) {

    /** The paper's. */
    public static final Weighing DEFAULT = new Weighing(0.85, false, 3);

    /**
     * The answers of a pair with their rewards.
     *
     * @param samples the model's answers
     * @param teacher the teacher's answer, which is scored among them
     * @param rewards one for each sample, then the teacher's
     */
    public record Scored(Pair pair, List<Answer> samples, Answer teacher, double[] rewards) {

        public Scored {
            if (rewards.length != samples.size() + 1) {
                throw new IllegalArgumentException("a pair needs one reward for each sample and one for the teacher");
            }
        }

        Answer answer(int i) {
            return i < samples.size() ? samples.get(i) : teacher;
        }
    }

    /** An answer to learn. */
    public record Weighed(Pair pair, Answer answer, double weight) {}

    /** The best and the worst answer to a pair. */
    public record Preference(Pair pair, Answer chosen, Answer rejected) {}

    /** What is learnt of a pair; an answer that the model gave several times counts once. */
    public List<Weighed> of(Scored scored) {
        double[] normal = normalised(scored.rewards());
        double boost = boosting ? disagreement(scored) : 1;
        List<Weighed> kept = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < normal.length; i++) {
            Answer answer = scored.answer(i);
            String text = answer.label() + answer.explanation();
            double weight = boost * Math.pow(normal[i], power);
            if (normal[i] >= minReward && answer.finished() && answer.stated() && weight > 0 && !seen.contains(text)) {
                seen.add(text);
                kept.add(new Weighed(scored.pair(), answer, weight));
            }
        }
        return kept;
    }

    /** Brought to [0, 1] within the pair; where all are equal, all are 1. */
    static double[] normalised(double[] rewards) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double reward : rewards) {
            low = Math.min(low, reward);
            high = Math.max(high, reward);
        }
        double[] normal = new double[rewards.length];
        for (int i = 0; i < normal.length; i++) {
            normal[i] = high == low ? 1 : (rewards[i] - low) / (high - low);
        }
        return normal;
    }

    private static double disagreement(Scored scored) {
        int teacher = scored.pair().teacher().label();
        long other = scored.samples().stream()
                .filter(sample -> sample.label() != teacher)
                .count();
        return scored.samples().isEmpty()
                ? 0
                : (double) other / scored.samples().size();
    }

    /** The best and the worst answer, if one is better than the other. */
    public static Optional<Preference> preference(Scored scored) {
        int best = 0;
        int worst = 0;
        for (int i = 1; i < scored.rewards().length; i++) {
            best = scored.rewards()[i] > scored.rewards()[best] ? i : best;
            worst = scored.rewards()[i] < scored.rewards()[worst] ? i : worst;
        }
        return scored.rewards()[best] == scored.rewards()[worst]
                ? Optional.empty()
                : Optional.of(new Preference(scored.pair(), scored.answer(best), scored.answer(worst)));
    }
}

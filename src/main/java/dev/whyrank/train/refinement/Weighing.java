package dev.whyrank.train.refinement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * From rewards to weights, pair by pair. Pure.
 *
 * @param minReward answers whose reward, brought to [0, 1] among the answers to the same, is below this are not learnt
 * @param boosting whether rewards are multiplied by the share of the pair's samples whose label differs from the
 *     teacher's, so that pairs that the model always gets right vanish; lists of queries have no label and are left as
 *     they are
 * @param power of the reward in the weight
 */
public record Weighing(double minReward, boolean boosting, double power) {

    /** The paper's. */
    public static final Weighing DEFAULT = new Weighing(0.85, false, 3);

    /**
     * Answers with their rewards.
     *
     * @param samples the model's answers
     * @param teacher the teacher's answer, which is scored among them
     * @param rewards one for each sample, then the teacher's; not a number for an answer that is left out
     */
    public record Scored(Asked asked, List<? extends Response> samples, Response teacher, double[] rewards) {

        public Scored {
            if (rewards.length != samples.size() + 1) {
                throw new IllegalArgumentException("there must be one reward for each sample and one for the teacher");
            }
        }

        Response response(int i) {
            return i < samples.size() ? samples.get(i) : teacher;
        }
    }

    /** An answer to learn. */
    public record Weighed(Asked asked, Response response, double weight) {}

    /** The best and the worst answer. */
    public record Preference(Asked asked, Response chosen, Response rejected) {}

    /**
     * What is learnt; an answer that the model gave several times counts once. Of answers of which fewer than two have a
     * reward none is, since nothing tells whether it is a good one.
     */
    public List<Weighed> of(Scored scored) {
        if (Arrays.stream(scored.rewards())
                        .filter(reward -> !Double.isNaN(reward))
                        .count()
                < 2) {
            return List.of();
        }
        double[] normal = normalised(scored.rewards());
        double boost = boosting ? disagreement(scored) : 1;
        List<Weighed> kept = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < normal.length; i++) {
            Response response = scored.response(i);
            String text = response.words();
            double weight = Math.pow(boost * normal[i], power);
            if (normal[i] >= minReward && response.learnable() && weight > 0 && !seen.contains(text)) {
                seen.add(text);
                kept.add(new Weighed(scored.asked(), response, weight));
            }
        }
        return kept;
    }

    /** Brought to [0, 1]; where all are equal, all are 1. What is not a number stays so and does not count. */
    static double[] normalised(double[] rewards) {
        DoubleSummaryStatistics range =
                Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).summaryStatistics();
        double width = range.getMax() - range.getMin();
        return Arrays.stream(rewards)
                .map(reward -> width > 0 || Double.isNaN(reward) ? (reward - range.getMin()) / width : 1)
                .toArray();
    }

    private static double disagreement(Scored scored) {
        if (!(scored.asked() instanceof Pair pair)) {
            return 1;
        }
        return scored.samples().stream()
                .mapToDouble(sample -> sample instanceof Answer answer
                                && answer.label() != pair.teacher().label()
                        ? 1
                        : 0)
                .average()
                .orElse(0);
    }

    /** The best and the worst answer, if one is better than the other. */
    public static Optional<Preference> preference(Scored scored) {
        List<Integer> ranked = IntStream.range(0, scored.rewards().length)
                .filter(i -> !Double.isNaN(scored.rewards()[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scored.rewards()[i]))
                .toList();
        if (ranked.isEmpty()) {
            return Optional.empty();
        }
        int best = ranked.get(0);
        int worst = ranked.get(ranked.size() - 1);
        return scored.rewards()[best] == scored.rewards()[worst]
                ? Optional.empty()
                : Optional.of(new Preference(scored.asked(), scored.response(best), scored.response(worst)));
    }
}

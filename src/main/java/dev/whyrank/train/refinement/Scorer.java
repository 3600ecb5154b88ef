package dev.whyrank.train.refinement;

import java.util.List;

/** Rewards all answers of a round. */
@FunctionalInterface
public interface Scorer {

    /**
     * Rewards answers; higher is better, on any scale, since rewards are compared within what was asked only.
     *
     * @return for each, in order, a reward for each of its {@link Answered#responses}; not a number for an answer that is
     *     to be left out
     */
    List<double[]> rewards(List<Answered> answered);

    /** Tells these rewards from those of others: what was kept of a round is taken up by a scorer of the same name only. */
    default String name() {
        return "agreement";
    }

    /** Needs no other model: {@link Reward#agreement} for pairs, likeness to the teacher's queries for topics. */
    static Scorer agreement() {
        return of(Reward.agreement());
    }

    /** One with another reward for pairs. */
    static Scorer of(Reward pairs) {
        return answered -> answered.stream()
                .map(one -> one.responses().stream()
                        .mapToDouble(response -> reward(pairs, one.asked(), response))
                        .toArray())
                .toList();
    }

    private static double reward(Reward pairs, Asked asked, Response response) {
        if (asked instanceof Pair pair && response instanceof Answer answer) {
            return pairs.of(pair, answer);
        }
        if (asked instanceof Topic topic && response instanceof QueryList list) {
            return QueryOverlap.of(list.queries(), topic.queries());
        }
        throw new IllegalArgumentException("the response is of another kind than what was asked");
    }
}

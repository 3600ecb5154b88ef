package dev.whyrank.train.refinement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.train.refinement.Weighing.Scored;
import dev.whyrank.train.refinement.Weighing.Weighed;
import dev.whyrank.train.tuning.TrainingRecord;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeighingTest {

    private static final Pair PAIR = new Pair(0, "q", new Judged("d", 2, "teacher"));

    private static Answer answer(String words, int label) {
        return new Answer(words, label, true, true);
    }

    private static Scored scored(double... rewards) {
        List<Answer> samples = List.of(answer("a", 2), answer("b", 0), answer("c", 2));
        return new Scored(PAIR, samples, answer("teacher", 2), rewards);
    }

    private static double[] weights(List<Weighed> weighed) {
        return weighed.stream().mapToDouble(Weighed::weight).toArray();
    }

    @Test
    void keepsWhatIsGoodWithinItsPairAndWeighsItByTheCube() {
        // Brought to [0, 1]: 0.9, 0, 1, 0.8; the last is below 0.85.
        List<Weighed> kept = Weighing.DEFAULT.of(scored(4.8, 3, 5, 4.6));
        assertThat(kept.stream().map(one -> one.response().words()))
                .containsExactly("a\n\nRelevance Label: 2", "c\n\nRelevance Label: 2");
        assertThat(weights(kept)).containsExactly(new double[] {0.9 * 0.9 * 0.9, 1}, within(1e-9));
    }

    @Test
    void equalRewardsAreAllOne() {
        assertThat(weights(Weighing.DEFAULT.of(scored(7, 7, 7, 7)))).containsExactly(1, 1, 1, 1);
    }

    /** The original reads a value that only boosting sets; without boosting the weight is the reward's alone. */
    @Test
    void withoutBoostingNothingElseCounts() {
        Weighing plain = new Weighing(0, false, 1);
        assertThat(weights(plain.of(scored(0.25, 0.5, 1, 0))))
                .containsExactly(new double[] {0.25, 0.5, 1}, within(1e-9));
    }

    @Test
    void boostingMultipliesTheRewardBeforeItsCubeIsTaken() {
        Weighing boosted = new Weighing(0.85, true, 3);
        assertThat(weights(boosted.of(scored(1, 0, 1, 0.9))))
                .containsExactly(new double[] {1.0 / 27, 1.0 / 27, 0.9 * 0.9 * 0.9 / 27}, within(1e-9));
        Scored alwaysRight = new Scored(PAIR, List.of(answer("a", 2)), answer("teacher", 2), new double[] {1, 1});
        assertThat(boosted.of(alwaysRight)).isEmpty();
    }

    @Test
    void anAnswerGivenTwiceOrCutShortIsNotLearntTwiceOrAtAll() {
        Answer cut = new Answer("cut", 2, false, true);
        Answer unstated = new Answer("unstated", 2, true, false);
        Scored scored = new Scored(
                PAIR, List.of(answer("a", 2), answer("a", 2), cut, unstated), answer("teacher", 2), new double[] {
                    1, 1, 1, 1, 0
                });
        assertThat(Weighing.DEFAULT.of(scored)).hasSize(1);
    }

    @Test
    void aLabelWithoutAnExplanationIsNotLearnt() {
        Scored scored =
                new Scored(PAIR, List.of(answer(" \n", 2), answer("a", 2)), answer("", 2), new double[] {1, 1, 1});
        assertThat(Weighing.DEFAULT.of(scored).stream()
                        .map(one -> one.response().words()))
                .containsExactly("a\n\nRelevance Label: 2");
    }

    @Test
    void prefersTheBestToTheWorst() {
        Weighing.Preference preference = Weighing.preference(scored(2, 1, 3, 2)).orElseThrow();
        assertThat(preference.chosen().words()).startsWith("c\n");
        assertThat(preference.rejected().words()).startsWith("b\n");
        assertThat(Weighing.preference(scored(1, 1, 1, 1))).isEmpty();
    }

    @Test
    void anAnswerWithoutARewardIsLeftOut() {
        double none = Double.NaN;
        List<Weighed> kept = Weighing.DEFAULT.of(scored(3, none, 5, none));
        assertThat(kept.stream().map(one -> one.response().words())).containsExactly("c\n\nRelevance Label: 2");
        Weighing.Preference preference =
                Weighing.preference(scored(3, none, 5, none)).orElseThrow();
        assertThat(preference.chosen().words()).startsWith("c\n");
        assertThat(preference.rejected().words()).startsWith("a\n");
        assertThat(Weighing.DEFAULT.of(scored(none, none, 5, none))).isEmpty();
        assertThat(Weighing.preference(scored(none, none, none, none))).isEmpty();
    }

    /** The original files answers under their texts, so that equal pairs lose each other's. */
    @Test
    void equalPairsStayApart() {
        Judged document = new Judged("same", 1, "why");
        TrainingRecord record = new TrainingRecord("same", List.of(), List.of(document, document));
        List<Pair> pairs = Pair.of(List.of(record, record));
        assertThat(pairs).doesNotHaveDuplicates().hasSize(4);
        assertThat(pairs.stream().map(Pair::place)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void agreementLooksAtLabelAndWords() {
        Pair pair = new Pair(0, "q", new Judged("d", 2, "The egg is boiled."));
        double[] rewards = Arrays.stream(new Answer[] {
                    answer("The egg is boiled.", 2), answer("The egg is raw.", 2), answer("The egg is boiled.", 1)
                })
                .mapToDouble(answer -> Reward.agreement().of(pair, answer))
                .toArray();
        assertThat(rewards).containsExactly(new double[] {1, 0.95, 0.2}, within(1e-9));
    }
}

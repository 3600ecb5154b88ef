package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.rerank.Ranking.Entry;
import dev.whyrank.rerank.Ranking.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

    private static List<Entry> entries(double... modelScores) {
        List<Entry> entries = new ArrayList<>();
        for (double score : modelScores) {
            entries.add(new Entry(entries.size(), score, 0));
        }
        return entries;
    }

    private static List<Integer> order(List<Place> places) {
        return places.stream().map(Place::index).toList();
    }

    @Test
    void withoutFirstStageScoresTheModelScoreStays() {
        List<Place> places = Ranking.rank(entries(0.2, 0.9), Arrays.asList(null, null), 0.7);
        assertThat(places).containsExactly(new Place(1, 0.9), new Place(0, 0.2));
    }

    @Test
    void fusesMinMaxScaledScores() {
        List<Place> places = Ranking.rank(entries(0.2, 0.6, 0.4), List.of(30.0, 10.0, 20.0), 0.7);
        assertThat(order(places)).containsExactly(1, 2, 0);
        assertThat(places.get(0).score()).isCloseTo(0.7, within(1e-12));
        assertThat(places.get(1).score()).isCloseTo(0.5, within(1e-12));
        assertThat(places.get(2).score()).isCloseTo(0.3, within(1e-12));
    }

    @Test
    void aZeroRangeIsAHalf() {
        List<Place> places = Ranking.rank(entries(0.9, 0.9), List.of(1.0, 2.0), 0.7);
        assertThat(order(places)).containsExactly(1, 0);
        assertThat(places.get(0).score()).isCloseTo(0.7 * 0.5 + 0.3, within(1e-12));
        assertThat(places.get(1).score()).isCloseTo(0.7 * 0.5, within(1e-12));
    }

    @Test
    void aMissingFirstStageScoreIsTheLowest() {
        List<Place> places = Ranking.rank(entries(0.5, 0.5, 0.5, 0.5), Arrays.asList(4.0, null, 2.0, Double.NaN), 0.5);
        assertThat(order(places)).containsExactly(0, 1, 2, 3);
        assertThat(places.get(1).score() - places.get(3).score()).isLessThan(1e-5);
    }

    @Test
    void tiesGoToTheFirstStageThenToInputOrder() {
        List<Place> places = Ranking.rank(entries(0.5, 0.5, 0.5), List.of(1.0, 2.0, 1.0), 1.0);
        assertThat(order(places)).containsExactly(1, 0, 2);
    }

    @Test
    void aLowerTierStaysAbove() {
        List<Place> places = Ranking.rank(
                List.of(new Entry(0, 0.9, 1), new Entry(1, 0.1, 0), new Entry(2, 0.0, 0)),
                Collections.nCopies(3, null),
                0.7);
        assertThat(order(places)).containsExactly(1, 2, 0);
    }

    @Test
    void hugeFirstStageScoresDoNotOverflow() {
        List<Place> places = Ranking.rank(entries(0.5, 0.5), List.of(-Double.MAX_VALUE, Double.MAX_VALUE), 0.5);
        assertThat(places.get(0).index()).isEqualTo(1);
        assertThat(places.get(0).score()).isEqualTo(0.75);
    }

    @Test
    void scoresStrictlyFallWithinZeroToOneEvenInSinglePrecision() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int count = 1 + random.nextInt(200);
            int levels = 1 + random.nextInt(4);
            List<Entry> entries = new ArrayList<>();
            List<Double> firstStage = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(new Entry(i, random.nextInt(levels + 1) / (double) levels, random.nextInt(2)));
                firstStage.add(random.nextInt(3) == 0 ? null : (double) random.nextInt(3));
            }
            List<Place> places = Ranking.rank(entries, firstStage, random.nextDouble());
            assertThat(order(places))
                    .as("seed %d", seed)
                    .doesNotHaveDuplicates()
                    .hasSize(count);
            for (int i = 0; i < count; i++) {
                assertThat(places.get(i).score()).as("seed %d", seed).isBetween(0.0, 1.0);
                if (i > 0) {
                    assertThat((float) places.get(i).score())
                            .as("seed %d, place %d", seed, i)
                            .isLessThan((float) places.get(i - 1).score());
                }
            }
        }
    }
}

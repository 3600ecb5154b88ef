package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VectorsTest {

    private static final float[] EAST = {1, 0};
    private static final float[] NORTH = {0, 1};
    private static final float[] WEST = {-1, 0};

    @Test
    void theFirstOfTheClosestIsTheClosest() {
        assertThat(Vectors.closest(EAST, List.of(NORTH, EAST, EAST.clone()))).isEqualTo(1);
        assertThat(Vectors.closest(EAST, List.of(WEST, NORTH))).isEqualTo(1);
    }

    @Test
    void windowsWeighAsMuchAsTheyAreLong() {
        assertThat(Vectors.mean(List.of(EAST, NORTH), List.of(new int[3], new int[4])))
                .containsExactly(0.6f, 0.8f);
    }

    @Test
    void windowsThatCancelEachOtherOutAreCloseToNothing() {
        float[] nothing = Vectors.mean(List.of(EAST, WEST), List.of(new int[3], new int[3]));
        assertThat(nothing).containsExactly(0f, 0f);
        assertThat(Vectors.closeness(EAST, List.of(EAST, WEST), List.of(new int[3], new int[3])))
                .isEqualTo(0.5);
    }
}

package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.Sampling;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UniformsTest {

    @Test
    void spreadsEvenlyOverPositionsAndOverSeeds() {
        int[] byPosition = new int[16];
        int[] bySeed = new int[16];
        for (int i = 0; i < 64_000; i++) {
            byPosition[(int) (Uniforms.at(42, i) * 16)]++;
            bySeed[(int) (Uniforms.at(i, 42) * 16)]++;
        }
        // 4000 expected in each of 16 cells, standard deviation 61.
        for (int cell = 0; cell < 16; cell++) {
            assertThat(byPosition[cell]).isBetween(3700, 4300);
            assertThat(bySeed[cell]).isBetween(3700, 4300);
        }
    }

    @Test
    void neighbouringSeedsAndPositionsHaveNothingInCommon() {
        Set<Float> seen = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            for (int position = 0; position < 20; position++) {
                assertThat(Uniforms.at(seed, position))
                        .isGreaterThanOrEqualTo(0f)
                        .isLessThan(1f);
                seen.add(Uniforms.at(seed, position));
            }
        }
        assertThat(seen).hasSizeGreaterThan(398);
    }

    @Test
    void staysTheSameForever() {
        // Seeds are stored with results: a changed hash would make them unrepeatable.
        assertThat(Uniforms.at(0, 0)).isEqualTo(14819496 * 0x1p-24f);
        assertThat(Uniforms.at(1, 2)).isEqualTo(7353183 * 0x1p-24f);
        assertThat(Uniforms.at(-7, 900)).isEqualTo(11760396 * 0x1p-24f);
    }

    @Test
    void aPolicyWithoutTemperatureIsGreedy() {
        assertThat(new SamplingPolicy(0, 0.5f, 9).at(3)).isEqualTo(Sampling.GREEDY);
        assertThat(new SamplingPolicy(0.7f, 0.5f, 9).at(3)).isEqualTo(new Sampling(0.7f, 0.5f, Uniforms.at(9, 3)));
    }
}

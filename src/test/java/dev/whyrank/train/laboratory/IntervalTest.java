package dev.whyrank.train.laboratory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntervalTest {

    @Test
    void coversAShareAsTheNormalApproximationDoes() {
        double[] values =
                IntStream.range(0, 600).mapToDouble(i -> i % 4 == 0 ? 0 : 1).toArray();
        Interval interval = Interval.of(values);
        double half = 1.96 * Math.sqrt(0.75 * 0.25 / 600);
        assertThat(interval.mean()).isEqualTo(0.75);
        assertThat(interval.low()).isCloseTo(0.75 - half, within(0.005));
        assertThat(interval.high()).isCloseTo(0.75 + half, within(0.005));
        assertThat(Interval.of(values)).isEqualTo(interval);
    }

    @Test
    void hasNoWidthWhereAllValuesAreEqual() {
        assertThat(Interval.of(new double[] {1, 1, 1}).signed()).isEqualTo("+1.000 [+1.000, +1.000]");
    }
}

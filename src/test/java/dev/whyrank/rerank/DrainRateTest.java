package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How fast work gets done, in seconds and tokens. */
class DrainRateTest {

    private final DrainRate rate = new DrainRate();

    private static long at(double seconds) {
        // Times begin anywhere.
        return 7_000_000_000_000L + (long) (seconds * 1e9);
    }

    @Test
    void knowsNothingBeforeAnythingIsDone() {
        assertThat(rate.timeFor(1_000_000)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void countsTheTimeSinceWorkBegan() {
        rate.begin(at(0));
        rate.begin(at(5));
        rate.done(at(10), 100, false);
        assertThat(rate.timeFor(30)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void busyTimeGoesOnFromWhatWasDoneLast() {
        rate.begin(at(0));
        rate.done(at(1), 10, false);
        rate.begin(at(2));
        rate.done(at(3), 10, true);
        // Twenty tokens in three seconds, of which the first fades a little.
        assertThat(rate.timeFor(39)).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void idleTimeDoesNotCount() {
        rate.begin(at(0));
        rate.done(at(1), 10, true);
        rate.begin(at(100));
        rate.done(at(101), 10, true);
        assertThat(rate.timeFor(50)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whatWasDoneFadesByHalfIn30SecondsOfWork() {
        rate.begin(at(0));
        rate.done(at(30), 300, false);
        rate.done(at(60), 0, false);
        // Half of 300 tokens and of 15 seconds that count of the first 30, and 30 seconds without any.
        assertThat(rate.timeFor(100)).isEqualTo(Duration.ofSeconds(30));
    }
}

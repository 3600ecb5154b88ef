package dev.whyrank.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LanesTest {

    @BeforeAll
    static void start() {
        Torch.start(2);
    }

    @Test
    void partsRunSideBySideAndKeepTheirOrder() {
        try (Lanes lanes = new Lanes(2, 16)) {
            CountDownLatch both = new CountDownLatch(2);
            assertThat(lanes.count()).isEqualTo(2);
            assertThat(lanes.all(List.of(meeting(both, "a"), meeting(both, "b"))))
                    .containsExactly("a", "b");
        }
    }

    private static Callable<String> meeting(CountDownLatch both, String name) {
        return () -> {
            both.countDown();
            return both.await(20, TimeUnit.SECONDS) ? name : "alone";
        };
    }

    @Test
    void aSinglePartStaysInTheCallersThread() {
        try (Lanes lanes = new Lanes(2, 16)) {
            assertThat(lanes.all(List.of(Thread::currentThread))).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void aFailedPartIsReportedWhenTheOthersHaveEnded() {
        try (Lanes lanes = new Lanes(2, 16)) {
            AtomicBoolean ended = new AtomicBoolean();
            CountDownLatch failing = new CountDownLatch(1);
            Callable<String> broken = () -> {
                failing.countDown();
                throw new IllegalStateException("broken");
            };
            Callable<String> slow = () -> {
                failing.await();
                ended.set(true);
                return "";
            };
            assertThatThrownBy(() -> lanes.all(List.of(broken, slow))).hasMessage("broken");
            assertThat(ended).isTrue();
        }
    }

    @Test
    void thereAreNoMoreLanesThanThreadsAndNoneForFewRows() {
        for (int[] sizes : new int[][] {{2, 17, 2}, {16, 17, 3}, {1, 64, 1}, {2, 4, 1}, {0, 0, 1}}) {
            try (Lanes lanes = new Lanes(sizes[0], sizes[1])) {
                assertThat(lanes.count()).isEqualTo(sizes[2]);
            }
        }
    }
}

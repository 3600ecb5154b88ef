package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.generate.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private final AtomicLong now = new AtomicLong();
    private final Admission admission = new Admission(new Admission.Limits(100, 60), now::get);

    private RerankException refusal(long tokens) {
        try {
            admission.acquire(tokens);
        } catch (RerankException e) {
            return e;
        }
        throw new AssertionError(tokens + " tokens were let in");
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void letsInWhatFitsAndRefusesTheRest() {
        Admission.Permit first = admission.acquire(60);
        admission.acquire(40);
        assertThat(refusal(1).code()).isEqualTo(ErrorCode.OVERLOADED);
        first.release();
        admission.acquire(60);
        assertThat(admission.taken()).isEqualTo(100);
    }

    @Test
    void refusesForGoodWhatNeverFits() {
        assertThat(refusal(61).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(refusal(61).retryAfter()).isEmpty();
    }

    @Test
    void givesBackOnce() {
        Admission.Permit permit = admission.acquire(50);
        admission.acquire(50);
        permit.release();
        permit.release();
        assertThat(admission.taken()).isEqualTo(50);
    }

    @Test
    void retriesWhenEnoughIsLikelyToBeDone() {
        Admission.Permit first = admission.acquire(50);
        admission.acquire(50);
        pass(Duration.ofSeconds(5));
        first.release();
        admission.acquire(50);
        // Ten tokens a second have been done so far.
        assertThat(refusal(40).retryAfter()).contains(Duration.ofSeconds(4));
    }

    @Test
    void idleTimeSaysNothingAboutTheRate() {
        Admission.Permit first = admission.acquire(60);
        pass(Duration.ofSeconds(6));
        first.release();
        pass(Duration.ofHours(1));
        Admission.Permit second = admission.acquire(60);
        assertThat(refusal(60).retryAfter()).contains(Duration.ofSeconds(2));
        pass(Duration.ofSeconds(6));
        second.release();
        admission.acquire(60);
        assertThat(refusal(59).retryAfter()).contains(Duration.ofSeconds(2));
    }

    @Test
    void retriesBetweenASecondAndAMinuteWhateverWasMeasured() {
        Admission.Permit first = admission.acquire(60);
        admission.acquire(40);
        assertThat(refusal(60).retryAfter()).contains(Duration.ofSeconds(1));
        pass(Duration.ofDays(1));
        first.release();
        admission.acquire(60);
        assertThat(refusal(60).retryAfter()).contains(Duration.ofSeconds(60));
    }

    @Test
    void bulkRequestsLeaveRoomForOthers() {
        Admission.Permit alone = admission.acquire(60, Priority.BULK);
        assertThatThrownBy(() -> admission.acquire(1, Priority.BULK))
                .as("60 of 100 is more than bulk may have, and was let in only because it was alone")
                .isInstanceOfSatisfying(
                        RerankException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED));
        admission.acquire(40);
        alone.release();
        admission.acquire(30, Priority.BULK);
        admission.acquire(20, Priority.BULK);
        assertThatThrownBy(() -> admission.acquire(1, Priority.BULK)).isInstanceOf(RerankException.class);
        admission.acquire(10);
        assertThat(admission.taken()).isEqualTo(100);
    }

    @Test
    void refusesLimitsThatContradict() {
        assertThat(new Admission.Limits(1, 1).total()).isEqualTo(1);
        assertThatThrownBy(() -> new Admission.Limits(10, 11)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Admission.Limits(10, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverExceedsItsBoundUnderContention() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        CountDownLatch done = new CountDownLatch(4);
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            pool.execute(() -> {
                for (int i = 0; i < 2000; i++) {
                    try {
                        Admission.Permit permit = admission.acquire(1 + random.nextInt(60));
                        seen.add(admission.taken());
                        permit.release();
                    } catch (RerankException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
                    }
                }
                done.countDown();
            });
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();
        assertThat(seen).isNotEmpty().allSatisfy(taken -> assertThat(taken).isBetween(1L, 100L));
        assertThat(admission.taken()).isZero();
    }
}

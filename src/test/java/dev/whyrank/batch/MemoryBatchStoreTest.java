package dev.whyrank.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.batch.Batch.Status;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Batches in memory: within a size, for a time. */
class MemoryBatchStoreTest extends BatchStoreContract {

    private static final Duration DAY = Duration.ofDays(1);

    private Instant now = NOW;
    private final MemoryBatchStore store = new MemoryBatchStore(10_000, DAY, () -> now);

    @Override
    protected BatchStore store() {
        return store;
    }

    @Test
    void refusesWhatIsMoreThanItMayHoldAndForgetsInTime() {
        String first = add("x".repeat(4_000));
        assertThatThrownBy(() -> add("x".repeat(1_001)))
                .isInstanceOfSatisfying(
                        RerankException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED));
        store.finish(first, 1, new LineResult(true, "y".repeat(3_000), "no room"));
        String second = add("x".repeat(2_000));
        store.end(first, Status.COMPLETED, now);

        now = now.plus(DAY).minusMillis(1);
        assertThat(store.results(first, 1, 2)).hasSize(1);
        now = now.plusMillis(1);
        assertThat(store.find(first)).isEmpty();
        assertThat(store.results(first, 1, 2)).isEmpty();
        assertThat(store.find(second)).as("it has not ended").isPresent();
        store.end(second, Status.CANCELLED, now);
        add("x".repeat(5_000));
    }

    @Test
    void aResultThatThereIsNoRoomForIsARefusal() {
        String id = add("x", "x", "x");
        store.finish(id, 1, new LineResult(true, "y".repeat(3_000), "no room"));
        store.finish(id, 2, new LineResult(true, "y".repeat(3_000), "no room"));
        store.finish(id, 3, new LineResult(true, "small", "no room"));

        assertThat(store.results(id, 1, 4).values()).element(1).isEqualTo("no room");
        assertThat(store.results(id, 1, 4).values()).last().isEqualTo("small");
        assertThat(store.find(id).orElseThrow().completed()).isEqualTo(2);
        assertThat(store.find(id).orElseThrow().failed()).isEqualTo(1);
    }
}

package dev.whyrank.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.batch.Batch.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store of batches does. */
public abstract class BatchStoreContract {

    protected static final Instant NOW = Instant.parse("2026-11-27T04:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** The store under test, empty or not. */
    protected abstract BatchStore store();

    protected final String add(String... lines) {
        String id = "batch_" + UUID.randomUUID();
        store().add(Batch.begun(id, "owner", lines.length, NOW), List.of(lines));
        return id;
    }

    @Test
    void keepsABatchUntilItsLinesAreDone() {
        String id = add("{\"a\":1}", "zwei 😀", "three");
        assertThat(store().find(id)).contains(Batch.begun(id, "owner", 3, NOW));
        assertThat(store().open()).contains(id);
        assertThat(store().unfinished(id)).containsExactly(1, 2, 3);
        assertThat(store().line(id, 2)).contains("zwei 😀");

        store().finish(id, 2, new LineResult(true, "{\"two\":true}", "no room"));
        store().finish(id, 2, new LineResult(false, "late", "no room"));
        store().finish(id, 3, new LineResult(false, "refused", "no room"));
        assertThat(store().unfinished(id)).containsExactly(1);
        assertThat(store().line(id, 2)).isEmpty();
        assertThat(store().results(id, 1, 4)).isEqualTo(Map.of(2, "{\"two\":true}", 3, "refused"));
        assertThat(store().results(id, 1, 3)).containsOnlyKeys(2);
        assertThat(store().find(id).orElseThrow().completed()).isEqualTo(1);
        assertThat(store().find(id).orElseThrow().failed()).isEqualTo(1);

        store().finish(id, 1, new LineResult(true, "one", "no room"));
        store().end(id, Status.COMPLETED, NOW.plusSeconds(5));
        assertThat(store().find(id))
                .contains(new Batch(id, "owner", 3, 2, 1, Status.COMPLETED, NOW, NOW.plusSeconds(5)));
        assertThat(store().open()).doesNotContain(id);
    }

    @Test
    void aCancelledBatchKeepsItsResultsAndForgetsItsLines() {
        String id = add("one", "two");
        store().finish(id, 1, new LineResult(true, "done", "no room"));
        store().cancel(id);
        assertThat(store().find(id).orElseThrow().status()).isEqualTo(Status.CANCELLING);
        assertThat(store().open()).contains(id);
        store().end(id, Status.CANCELLED, NOW);
        store().end(id, Status.COMPLETED, NOW);
        store().cancel(id);
        store().finish(id, 2, new LineResult(true, "too late", "no room"));
        assertThat(store().find(id).orElseThrow().status()).isEqualTo(Status.CANCELLED);
        assertThat(store().unfinished(id)).isEmpty();
        assertThat(store().results(id, 1, 3)).isEqualTo(Map.of(1, "done"));
    }

    @Test
    void openBatchesAreListedOldestFirst() {
        String first = add("a");
        String second = add("b");
        String third = add("c");
        assertThat(store().open().stream().filter(List.of(first, second, third)::contains))
                .containsExactly(first, second, third);
    }

    @Test
    void whatIsNotThereIsIgnored() {
        String id = "batch_nowhere";
        store().finish(id, 1, new LineResult(true, "x", "no room"));
        store().cancel(id);
        store().end(id, Status.COMPLETED, NOW);
        store().letGo(id, "me");
        assertThat(store().find(id)).isEmpty();
        assertThat(store().hold(id, "me", LEASE)).isFalse();
        assertThat(store().unfinished(id)).isEmpty();
        assertThat(store().line(id, 1)).isEmpty();
        assertThat(store().results(id, 1, 9)).isEmpty();
    }

    @Test
    void aHolderKeepsWhatItHolds() {
        String id = add("a");
        assertThat(store().hold(id, "me", LEASE)).isTrue();
        assertThat(store().hold(id, "me", LEASE)).isTrue();
    }
}

package dev.whyrank.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.batch.Batch.Status;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How batches are worked on. */
class BatchRunnerTest {

    private static final BatchRunner.Settings SETTINGS =
            new BatchRunner.Settings(2, Duration.ofSeconds(30), Duration.ofMillis(20));

    private final InstantSource clock = InstantSource.system();
    private final MemoryBatchStore store = new MemoryBatchStore(1 << 20, Duration.ofHours(1), clock);
    private final Map<String, CompletableFuture<LineResult>> begun = new ConcurrentHashMap<>();
    private BatchRunner runner = new BatchRunner(store, this::byHand, SETTINGS, clock, "me");

    @AfterEach
    void close() {
        runner.close();
    }

    private CompletableFuture<LineResult> byHand(String batch, int number, String text) {
        CompletableFuture<LineResult> result = new CompletableFuture<>();
        begun.put(text, result);
        return result;
    }

    private void add(String id, String... lines) {
        store.add(Batch.begun(id, "", lines.length, clock.instant()), List.of(lines));
        runner.wake();
    }

    private CompletableFuture<LineResult> line(String text) {
        await().until(() -> begun.containsKey(text));
        return Objects.requireNonNull(begun.remove(text));
    }

    private Status status(String id) {
        return store.find(id).orElseThrow().status();
    }

    @Test
    void worksOnAFewLinesAtATimeOldestFirst() {
        add("a", "a1", "a2", "a3");
        add("b", "b1");
        CompletableFuture<LineResult> first = line("a1");
        line("a2").complete(new LineResult(false, "no", "no room"));
        CompletableFuture<LineResult> third = line("a3");
        assertThat(begun).isEmpty();
        first.complete(new LineResult(true, "yes", "no room"));
        line("b1").complete(new LineResult(true, "yes", "no room"));
        await().until(() -> status("b") == Status.COMPLETED);
        assertThat(status("a")).isEqualTo(Status.IN_PROGRESS);
        third.complete(new LineResult(true, "yes", "no room"));
        await().until(() -> status("a") == Status.COMPLETED);
        assertThat(store.results("a", 1, 4)).isEqualTo(Map.of(1, "yes", 2, "no", 3, "yes"));
        assertThat(store.find("a").orElseThrow().failed()).isEqualTo(1);
    }

    @Test
    void aLineThatFindsNoRoomIsTriedAgainAfterTheTimeThatItWasTold() {
        add("a", "a1", "a2");
        long before = System.nanoTime();
        line("a1").completeExceptionally(new RerankException(ErrorCode.OVERLOADED, "full", Duration.ofMillis(600)));
        line("a2").complete(new LineResult(true, "second", "no room"));
        line("a1").complete(new LineResult(true, "first", "no room"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(600));
        await().until(() -> status("a") == Status.COMPLETED);
        assertThat(store.results("a", 1, 3)).isEqualTo(Map.of(1, "first", 2, "second"));
    }

    @Test
    void cancellingStopsWhatRunsAndBeginsNothing() {
        add("a", "a1", "a2", "a3");
        line("a1").complete(new LineResult(true, "kept", "no room"));
        CompletableFuture<LineResult> second = line("a2");
        CompletableFuture<LineResult> third = line("a3");
        store.cancel("a");
        runner.wake();
        await().until(() -> status("a") == Status.CANCELLED);
        assertThat(second).isCancelled();
        assertThat(third).isCancelled();
        assertThat(begun).isEmpty();
        assertThat(store.results("a", 1, 4)).isEqualTo(Map.of(1, "kept"));
    }

    @Test
    void anotherRunnerGoesOnWhereOneStopped() {
        add("a", "a1", "a2", "a3");
        line("a1").complete(new LineResult(true, "first runner", "no room"));
        CompletableFuture<LineResult> second = line("a2");
        CompletableFuture<LineResult> third = line("a3");
        runner.close();
        assertThat(third).isCancelled();
        assertThat(second).isCancelled();
        assertThat(status("a")).isEqualTo(Status.IN_PROGRESS);
        runner = new BatchRunner(store, this::byHand, SETTINGS, clock, "you");
        line("a2").complete(new LineResult(true, "second runner", "no room"));
        line("a3").complete(new LineResult(true, "second runner", "no room"));
        await().until(() -> status("a") == Status.COMPLETED);
        assertThat(store.results("a", 1, 2)).isEqualTo(Map.of(1, "first runner"));
        assertThat(store.results("a", 2, 4)).isEqualTo(Map.of(2, "second runner", 3, "second runner"));
    }

    @Test
    void aLineWhoseWorkCannotBeginIsNotLost() {
        runner.close();
        AtomicInteger tries = new AtomicInteger();
        runner = new BatchRunner(
                store,
                (batch, number, text) -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return CompletableFuture.completedFuture(new LineResult(true, text, "no room"));
                },
                SETTINGS,
                clock,
                "me");
        add("a", "a1");
        await().until(() -> status("a") == Status.COMPLETED);
        assertThat(store.results("a", 1, 2)).isEqualTo(Map.of(1, "a1"));
    }

    @Test
    void everyLineOfManyBatchesIsDoneOnce() {
        runner.close();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Set<String> done = ConcurrentHashMap.newKeySet();
        runner = new BatchRunner(
                store,
                (batch, number, text) -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    assertThat(done.add(batch + "-" + number)).isTrue();
                    return CompletableFuture.supplyAsync(() -> {
                        atOnce.decrementAndGet();
                        return new LineResult(true, text, "no room");
                    });
                },
                new BatchRunner.Settings(5, Duration.ofSeconds(30), Duration.ofMillis(20)),
                clock,
                "me");
        for (int i = 0; i < 20; i++) {
            add("batch" + i, IntStream.range(0, 30).mapToObj(Integer::toString).toArray(String[]::new));
        }
        await().until(() -> store.open().isEmpty());
        assertThat(done).hasSize(600);
        assertThat(most.get()).isBetween(1, 5);
    }
}

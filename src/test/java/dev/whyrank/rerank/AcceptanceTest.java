package dev.whyrank.rerank;

import static dev.whyrank.rerank.Laboratory.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a reranker says of requests that it lets in or not, and of itself. */
class AcceptanceTest {

    private static final LocalReranker.Settings ROOM = new LocalReranker.Settings(25, 20, 1);

    private final Observations observed = new Observations();

    @Test
    void tellsWhatItAcceptsAndWhatItRefuses() {
        try (LocalReranker reranker = new LocalReranker("a name", new HandJudge(), ROOM, observed)) {
            Recording heard = new Recording();
            reranker.rerank(asked(" ", ""), heard);
            assertThat(heard.completed().ranking()).hasSize(2);
            RerankRequest blank = new RerankRequest("r", " \n", asked("one").candidates(), Laboratory.explaining());
            assertThatThrownBy(() -> reranker.rerank(blank, heard)).isInstanceOf(RerankException.class);
            assertThatThrownBy(() -> reranker.rerank(asked("one", "two", "three"), heard))
                    .isInstanceOf(RerankException.class);
            assertThat(observed.of("accepted")).containsExactly("accepted 2");
            assertThat(observed.of("rejected")).containsExactly("rejected INVALID_REQUEST", "rejected TOO_LARGE");
            assertThat(reranker.model()).isEqualTo("a name");
        }
    }

    @Test
    void whatARequestHoldsCountsEvenIfNobodyReadsIt() {
        try (LocalReranker reranker = new LocalReranker("a name", new HandJudge(), ROOM, observed)) {
            RerankRequest.Candidate heavy = new RerankRequest.Candidate("", null, 64 * 21);
            RerankRequest request = new RerankRequest("r", "q", List.of(heavy), Laboratory.explaining());
            assertThatThrownBy(() -> reranker.rerank(request, new Recording()))
                    .isInstanceOfSatisfying(
                            RerankException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TOO_LARGE));
        }
    }

    @Test
    void closingEndsItsThreadsAndItsTimer() {
        AtomicInteger timersClosed = new AtomicInteger();
        ExecutorService workers = Executors.newSingleThreadExecutor();
        LocalReranker reranker = new LocalReranker(
                () -> "late name",
                new HandJudge(),
                ROOM,
                observed,
                System::nanoTime,
                workers,
                (delay, task) -> () -> {},
                timersClosed::incrementAndGet);
        assertThat(reranker.model()).isEqualTo("late name");
        reranker.close();
        assertThat(timersClosed).hasValue(1);
        assertThat(workers.isShutdown()).isTrue();
    }

    @Test
    void theThreadsDoNotKeepTheProcessAlive() {
        try (LocalReranker reranker = new LocalReranker("a name", new HandJudge(), ROOM, observed)) {
            List<Boolean> daemons = new CopyOnWriteArrayList<>();
            Recording heard = new Recording()
                    .also(event -> daemons.add(Thread.currentThread().isDaemon()));
            reranker.rerank(asked(""), heard);
            heard.completed();
            assertThat(reranker.drain(Duration.ofSeconds(20))).isTrue();
            assertThat(daemons).isNotEmpty().containsOnly(true);
        }
    }
}

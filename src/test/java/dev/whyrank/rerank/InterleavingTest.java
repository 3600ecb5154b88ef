package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever cancels, deadlines, failures and slow listeners do: order holds, and every end comes exactly once. */
class InterleavingTest {

    private static final int SEEDS = 200;

    /** A search that never came upon one of these would prove nothing about it, so it goes on until it has, or to the end. */
    private static final Set<String> SOUGHT = Set.of(
            "request CANCELLED",
            "request completed",
            "document CANCELLED",
            "document ENGINE_FAILURE",
            "document STOP STATED",
            "document LENGTH FORCED",
            "document DEADLINE FORCED");

    private static final int MOST_SEEDS = 2000;
    private static final LocalReranker.Settings SETTINGS = new LocalReranker.Settings(1_000_000, 500_000, 2);

    private record Running(Recording heard, int documents) {}

    @Test
    void everyEndComesExactlyOnceAndInOrder() throws InterruptedException {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS || (seed < MOST_SEEDS && !outcomes.containsAll(SOUGHT)); seed++) {
            Random random = new Random(seed);
            Waiting waiting = new Waiting();
            try (Laboratory lab = new Laboratory(1 + random.nextInt(4), new Actor(), SETTINGS, waiting)) {
                failSomeSteps(lab, new Random(seed + 1_000_000L), random.nextInt(3) == 0 ? 40 : 0);
                List<Running> running = new ArrayList<>();
                int requests = 1 + random.nextInt(3);
                for (int i = 0; i < requests; i++) {
                    running.add(start(lab, random));
                }
                for (Running one : running) {
                    one.heard().await();
                    one.heard().requireOrder(one.documents(), "seed " + seed);
                }
                assertThat(lab.reranker.queuedTokens()).as("seed %d", seed).isZero();
                assertThat(lab.plannedDeadlines()).as("seed %d", seed).isZero();
                assertThat(lab.reranker.drain(Duration.ofSeconds(10)))
                        .as("seed %d", seed)
                        .isTrue();
                for (Running one : running) {
                    // Again, after everything has settled: nothing may have followed the end.
                    one.heard().requireOrder(one.documents(), "seed " + seed);
                    outcomes.addAll(outcomes(one.heard()));
                }
                assertThat(waiting.last).as("seed %d", seed).isEqualTo("0 requests, 0 documents");
            }
        }
        assertThat(outcomes).containsAll(SOUGHT);
    }

    private static final class Waiting implements RerankObserver {
        private volatile String last = "";

        @Override
        public void waiting(int requests, int documents) {
            last = requests + " requests, " + documents + " documents";
        }
    }

    private static Set<String> outcomes(Recording heard) {
        Set<String> outcomes = new TreeSet<>();
        heard.all(RerankEvent.Failed.class).forEach(event -> outcomes.add("request " + event.code()));
        heard.all(RerankEvent.Completed.class).forEach(event -> outcomes.add("request completed"));
        heard.all(RerankEvent.DocumentFailed.class).forEach(event -> outcomes.add("document " + event.code()));
        heard.all(RerankEvent.DocumentCompleted.class)
                .forEach(event -> outcomes.add("document " + event.judgement().ending() + " "
                        + event.judgement().source()));
        return outcomes;
    }

    private static void failSomeSteps(Laboratory lab, Random random, int oneIn) {
        lab.model.beforeStep(step -> {
            if (oneIn > 0 && random.nextInt(oneIn) == 0) {
                throw new IllegalStateException("a step that was chosen to fail");
            }
        });
    }

    private static Running start(Laboratory lab, Random random) throws InterruptedException {
        int documents = 1 + random.nextInt(5);
        String[] texts = IntStream.range(0, documents)
                .mapToObj(i -> random.nextInt(6) == 0 ? " " : "grade=" + random.nextInt(3))
                .toArray(String[]::new);
        boolean deadline = random.nextInt(3) == 0;
        RerankRequest.Options options = Laboratory.options(
                random.nextInt(4) > 0, random.nextInt(4), 1 + random.nextInt(70), 1000, true, deadline);
        int action = random.nextInt(3);
        int after = 1 + random.nextInt(60);
        int spins = random.nextInt(4) == 0 ? 20_000 : 0;
        AtomicInteger seen = new AtomicInteger();
        CountDownLatch reached = new CountDownLatch(1);
        Recording heard = new Recording().also(event -> {
            if (seen.incrementAndGet() == after
                    || event instanceof RerankEvent.Completed
                    || event instanceof RerankEvent.Failed) {
                reached.countDown();
            }
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
        });
        Reranker.Handle handle = lab.reranker.rerank(Laboratory.request(options, texts), heard);
        if (action > 0) {
            assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
            if (action == 1) {
                handle.cancel();
            } else {
                lab.deadlineComes();
            }
        }
        return new Running(heard, documents);
    }
}

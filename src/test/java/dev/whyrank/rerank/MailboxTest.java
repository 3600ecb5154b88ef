package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private final List<Throwable> broken = new ArrayList<>();

    @Test
    void runsInOrderOneAtATimeOnManyThreads() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Mailbox mailbox = new Mailbox(pool, broken::add);
        // Not thread-safe on purpose: only the mailbox protects it.
        List<Integer> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        int pieces = 10_000;
        for (int i = 0; i < pieces; i++) {
            int number = i;
            mailbox.execute(() -> ran.add(number));
        }
        mailbox.execute(done::countDown);
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();
        assertThat(ran).hasSize(pieces).isSorted();
    }

    @Test
    void letsOthersHaveAWorkerBetweenTurns() {
        Deque<Runnable> pool = new ArrayDeque<>();
        Mailbox busy = new Mailbox(pool::add, broken::add);
        Mailbox other = new Mailbox(pool::add, broken::add);
        List<String> ran = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            busy.execute(() -> ran.add("busy"));
        }
        other.execute(() -> ran.add("other"));
        while (!pool.isEmpty()) {
            pool.remove().run();
        }
        assertThat(ran).hasSize(101);
        assertThat(ran.indexOf("other")).isLessThan(50);
    }

    @Test
    void aPieceThatThrowsIsReportedAndTheNextOneRuns() {
        Mailbox mailbox = new Mailbox(Runnable::run, broken::add);
        List<String> ran = new ArrayList<>();
        mailbox.execute(() -> {
            throw new StackOverflowError("deep");
        });
        mailbox.execute(() -> ran.add("next"));
        assertThat(broken).singleElement().isInstanceOf(StackOverflowError.class);
        assertThat(ran).containsExactly("next");
    }

    @Test
    void workForAClosedPoolIsDropped() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        pool.shutdown();
        Mailbox mailbox = new Mailbox(pool, broken::add);
        mailbox.execute(() -> broken.add(new AssertionError("ran")));
        assertThat(broken).isEmpty();
    }

    @Test
    void aTurnIs32Pieces() {
        Deque<Runnable> pool = new ArrayDeque<>();
        Mailbox mailbox = new Mailbox(pool::add, broken::add);
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 33; i++) {
            int number = i;
            mailbox.execute(() -> ran.add(number));
        }
        pool.remove().run();
        assertThat(ran).hasSize(32);
        pool.remove().run();
        assertThat(ran).hasSize(33);
        assertThat(pool).isEmpty();
    }
}

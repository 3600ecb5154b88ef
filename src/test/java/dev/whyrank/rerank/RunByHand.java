package dev.whyrank.rerank;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request on the test's own thread, whose judge, clock and deadline do what the test says. */
final class RunByHand {

    final HandJudge judge = new HandJudge();
    final Recording heard = new Recording();
    final Observations observed = new Observations();
    final List<Duration> planned = new ArrayList<>();
    final RequestRun run;

    private final Deque<Runnable> pool = new ArrayDeque<>();
    private boolean working;
    private long nanos = 1_000_000_000;
    private @Nullable Runnable deadline;
    private int released;
    private int ended;

    RunByHand(RerankRequest request) {
        Surroundings around = new Surroundings(
                this::work, this::plan, () -> released++, new Backlog(observed), observed, whoever -> ended++);
        run = new RequestRun(request, judge, heard, new Stopwatch(() -> nanos, observed), around);
    }

    RunByHand begin() {
        working = true;
        run.begin();
        return this;
    }

    /** Nothing is worked on before {@link #begin}. */
    private void work(Runnable work) {
        pool.add(work);
        while (working && !pool.isEmpty()) {
            pool.remove().run();
        }
    }

    private Runnable plan(Duration delay, Runnable task) {
        planned.add(delay);
        deadline = task;
        return () -> deadline = null;
    }

    RunByHand pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
        return this;
    }

    /** The deadline comes, if it is planned and not called off. */
    void deadlineComes() {
        Runnable due = deadline;
        if (due != null) {
            due.run();
        }
    }

    /** The number-th task's judge tells something. */
    void tell(int number, Consumer<Judge.Listener> telling) {
        judge.task(number).tell(telling);
    }

    List<String> orders(int number) {
        return judge.task(number).orders();
    }

    boolean deadlineIsPlanned() {
        return deadline != null;
    }

    /** How often the permit was given back. */
    int released() {
        return released;
    }

    /** How often the end was told. */
    int ended() {
        return ended;
    }
}

package dev.whyrank.generate;

import dev.whyrank.Patience;
import dev.whyrank.model.Step;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Holds the engine's thread before each step until the test lets it pass. */
public final class Gate implements Consumer<Step> {

    private static final int OPEN = 1_000_000;

    private final Semaphore arrivals = new Semaphore(0);
    private final Semaphore passes = new Semaphore(0);

    @Override
    public void accept(Step step) {
        acceptAny();
    }

    public void acceptAny() {
        arrivals.release();
        acquire(passes);
    }

    /** Waits for the thread to stand before a step; each arrival counts once. */
    public void awaitArrival() {
        acquire(arrivals);
    }

    /** Lets one step pass. */
    public void pass() {
        passes.release();
    }

    /** Lets all steps pass from now on. */
    public void open() {
        passes.release(OPEN);
    }

    private static void acquire(Semaphore semaphore) {
        try {
            if (!semaphore.tryAcquire(Patience.SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing happened in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.whyrank.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a run finish its step and save its state when the process is told to end (SIGTERM, Ctrl-C). Without it the native
 * library's memory would go while a step is in the middle of it.
 */
final class OrderlyEnd {

    private static final long PATIENCE_SECONDS = 120;
    private static final long UNWINDING_MILLIS = 3000;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread running = Thread.currentThread();
    private final Thread hook = new Thread(this::waitForTheRun, "whyrank-orderly-end");
    private final Runnable told;
    private volatile boolean wanted;

    /** For a run that asks now and then whether the end is {@link #wanted}; called on the thread that runs. */
    OrderlyEnd() {
        this(() -> {});
    }

    private OrderlyEnd(Runnable told) {
        this.told = told;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** For a run that waits most of the time: its thread, which calls this, is interrupted. */
    static OrderlyEnd interrupting() {
        return new OrderlyEnd(Thread.currentThread()::interrupt);
    }

    private void waitForTheRun() {
        wanted = true;
        told.run();
        try {
            if (over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                running.join(UNWINDING_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process is to end. */
    boolean wanted() {
        return wanted;
    }

    /** The run is over, whether it was told to be or not. */
    void over() {
        over.countDown();
        if (!wanted) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}

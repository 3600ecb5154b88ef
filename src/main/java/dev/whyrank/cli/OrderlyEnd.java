package dev.whyrank.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a run finish its step and save its state when the process is told to end (SIGTERM, Ctrl-C). Without it the native
 * library's memory would go while a step is in the middle of it.
 */
final class OrderlyEnd {

    /** As a shell reports Ctrl-C. */
    private static final int INTERRUPTED = 130;

    private static final long PATIENCE_SECONDS = 120;
    private static final long UNWINDING_MILLIS = 3000;

    /** What an interrupt ends, with all that it holds closed. */
    interface Work {
        void run() throws Exception;
    }

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread running = Thread.currentThread();
    private final Thread hook = new Thread(this::waitForTheRun, "whyrank-orderly-end");
    private final boolean interrupts;
    private volatile boolean wanted;

    /** For a run that asks now and then whether the end is {@link #wanted}; called on the thread that runs. */
    OrderlyEnd() {
        this(false);
    }

    private OrderlyEnd(boolean interrupts) {
        this.interrupts = interrupts;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Does work that waits most of the time, and is interrupted to end.
     *
     * @return the exit status
     */
    static int interrupting(PrintWriter err, String whenInterrupted, Work work) throws Exception {
        OrderlyEnd end = new OrderlyEnd(true);
        try {
            work.run();
            return 0;
        } catch (InterruptedException e) {
            err.println(whenInterrupted);
            return INTERRUPTED;
        } finally {
            end.over();
        }
    }

    private void waitForTheRun() {
        wanted = true;
        if (interrupts) {
            running.interrupt();
        }
        try {
            if (over.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && !interrupts) {
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

package dev.whyrank.model.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Threads that compute parts of a call side by side. Within one operation, libtorch's threads meet at a barrier some
 * five hundred times a step, and a step that decodes is made of operations too short for that: two lanes of one thread
 * each meet once. Each lane reads all weights, so a lane should have some eight rows to itself.
 */
final class Lanes implements AutoCloseable {

    private static final int ROWS_OF_A_LANE = 8;

    private final int count;
    private final ExecutorService threads;

    /** One lane for each thread. */
    Lanes(int threads) {
        this(threads, threads * ROWS_OF_A_LANE);
    }

    /**
     * As many lanes as there are groups of eight rows, and not more than threads, which they share out evenly.
     *
     * @param threads of the process
     * @param rows most sequences of a step
     */
    Lanes(int threads, int rows) {
        count = Math.max(1, Math.min(threads, (rows + ROWS_OF_A_LANE - 1) / ROWS_OF_A_LANE));
        int each = Math.max(1, threads / count);
        this.threads = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(
                    () -> {
                        Torch.tune(each);
                        work.run();
                    },
                    "torch-lane");
            thread.setDaemon(true);
            return thread;
        });
    }

    int count() {
        return count;
    }

    /**
     * Computes all parts and waits for all of them, in the caller when there is only one.
     *
     * @throws RuntimeException that of the first part that failed, after all have ended
     */
    <T> List<T> all(List<Callable<T>> parts) {
        List<T> results = new ArrayList<>();
        try {
            if (parts.size() == 1) {
                return List.of(parts.get(0).call());
            }
            for (Future<T> result : threads.invokeAll(parts)) {
                results.add(result.get());
            }
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted within a step", e);
        } catch (Exception e) {
            throw unchecked(e);
        }
        return results;
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}

package dev.whyrank.rerank;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs one request's work on a shared pool, one piece at a time and in order. Handing work in never blocks, so the
 * engine's thread may do it. After a few pieces it goes to the back of the pool's queue, so that no request keeps a
 * worker to itself.
 */
public final class Mailbox implements Executor {

    private static final int PIECES_PER_TURN = 32;

    private final Executor pool;
    private final Consumer<Throwable> broken;
    private final Queue<Runnable> pieces = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * An empty mailbox.
     *
     * @param pool never refuses work before it is closed; once closed, remaining pieces are dropped
     * @param broken told, in the mailbox, when a piece throws
     */
    public Mailbox(Executor pool, Consumer<Throwable> broken) {
        this.pool = pool;
        this.broken = broken;
    }

    @Override
    public void execute(Runnable piece) {
        pieces.add(piece);
        if (waiting.getAndIncrement() == 0) {
            takeTurn();
        }
    }

    private void takeTurn() {
        try {
            pool.execute(this::turn);
        } catch (RejectedExecutionException e) {
            // The pool closes only after every request has had its last event; what comes later has no reader.
            pieces.clear();
        }
    }

    private void turn() {
        for (int i = 0; i < PIECES_PER_TURN; i++) {
            Runnable piece = pieces.poll();
            if (piece != null) {
                run(piece);
            }
            if (waiting.decrementAndGet() == 0) {
                return;
            }
        }
        takeTurn();
    }

    private void run(Runnable piece) {
        try {
            piece.run();
        } catch (Throwable thrown) {
            // An Error, too: a piece that ends without a word would leave its request open for ever.
            broken.accept(thrown);
        }
    }
}

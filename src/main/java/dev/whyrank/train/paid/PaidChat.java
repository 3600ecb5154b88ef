package dev.whyrank.train.paid;

import dev.whyrank.rerank.remote.ChatAnswer;
import dev.whyrank.rerank.remote.ChatClient;
import dev.whyrank.rerank.remote.ChatFailure;
import dev.whyrank.rerank.remote.ChatUsage;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks questions, so many at once, and journals what comes. Belongs to the thread that asks. */
public final class PaidChat {

    /** So many calls in a row without an answer mean that the endpoint answers nobody. */
    private static final int PATIENCE = 8;

    private final ChatClient client;
    private final PaidAnswers paid;
    private final int atOnce;
    private final AskingListener listener;
    private final Semaphore turns;
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final Set<String> handedOut = new HashSet<>();
    private volatile boolean hopeless;
    private volatile @Nullable RuntimeException broken;
    private volatile @Nullable String lastFailure;

    /**
     * Asks with a client and a journal, which stay the caller's.
     *
     * @param atOnce calls at the same time
     */
    public PaidChat(ChatClient client, PaidAnswers paid, int atOnce, AskingListener listener) {
        this.client = client;
        this.paid = paid;
        this.atOnce = atOnce;
        this.listener = listener;
        this.turns = new Semaphore(atOnce);
    }

    /**
     * Asks, once its turn has come; a question that was asked before, or that the end of the run or a hopeless endpoint
     * comes before, is not asked.
     */
    public void ask(PaidQuestion question) {
        if (hopeless || listener.stopRequested() || !handedOut.add(question.key())) {
            return;
        }
        turns.acquireUninterruptibly();
        if (hopeless || listener.stopRequested()) {
            turns.release();
            return;
        }
        var unused = client.ask(question.request()).handle((answer, thrown) -> {
            try {
                settle(question.key(), answer, thrown);
            } catch (RuntimeException e) {
                broken = e;
                hopeless = true;
            } finally {
                turns.release();
            }
            return null;
        });
    }

    /**
     * Waits until everything that was asked is settled.
     *
     * @throws RuntimeException if an answer could not be kept; nothing was asked from then on
     */
    public void await() throws InterruptedException {
        turns.acquire(atOnce);
        turns.release(atOnce);
        RuntimeException cause = broken;
        if (cause != null) {
            throw cause;
        }
    }

    /** Answers that came. */
    public int asked() {
        return asked.get();
    }

    /** What the endpoint did last instead of answering, or null. */
    public @Nullable String lastFailure() {
        return lastFailure;
    }

    private void settle(String key, @Nullable ChatAnswer answer, @Nullable Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (answer != null) {
            keep(new Paid(key, answer.text(), answer.finish(), "", answer.usage()));
        } else if (cause instanceof ChatFailure failure && isFinal(failure.kind())) {
            keep(new Paid(key, "", "", reason(failure), ChatUsage.NONE));
        } else {
            failed(cause);
        }
    }

    private void keep(Paid answer) {
        paid.add(answer);
        failuresInARow.set(0);
        asked.incrementAndGet();
        listener.answered();
    }

    private void failed(@Nullable Throwable cause) {
        boolean unusable = cause instanceof ChatFailure failure && failure.kind() == ChatFailure.Kind.UNUSABLE;
        lastFailure = cause instanceof ChatFailure failure
                ? failure.getMessage() + (failure.detail().isEmpty() ? "" : " (" + failure.detail() + ")")
                : "could not be asked (" + cause + ")";
        if (unusable || failuresInARow.incrementAndGet() >= Math.max(PATIENCE, atOnce)) {
            hopeless = true;
        }
    }

    /** Asking again would be answered in the same way, and possibly paid for. */
    private static boolean isFinal(ChatFailure.Kind kind) {
        return switch (kind) {
            case REFUSED, EMPTY, TOO_LONG -> true;
            default -> false;
        };
    }

    private static String reason(ChatFailure failure) {
        return failure.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

package dev.whyrank.load;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request's answer while it is read. The HTTP client calls it from one thread at a time; patience may end on another.
 */
final class Exchange implements HttpResponse.BodyHandler<Void>, Flow.Subscriber<String> {

    private static final String EVENT = "event: ";
    private static final String INDEX = "\"index\":";
    private static final Executor LATER = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

    private final Sample sample;
    private final long due;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final BitSet ends = new BitSet();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile int status;
    private volatile boolean comeBack;
    private volatile long firstWords;
    private String event = "";
    private boolean twice;

    Exchange(Sample sample, long due) {
        this.sample = sample;
        this.due = due;
        this.firstWords = due;
    }

    /** Completes with what became of it; never exceptionally. */
    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    @Override
    public BodySubscriber<Void> apply(HttpResponse.ResponseInfo response) {
        status = response.statusCode();
        comeBack = response.headers().firstValue("Retry-After").isPresent();
        return status == Outcome.OK ? BodySubscribers.fromLineSubscriber(this) : BodySubscribers.discarding();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(sample.manner() == Manner.LAGS ? 1 : Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        if (line.startsWith(EVENT)) {
            event = line.substring(EVENT.length());
        } else if (line.startsWith("data: ")) {
            read(line);
        }
        if (subscription != null && sample.manner() == Manner.LAGS) {
            Flow.Subscription lagging = subscription;
            LATER.execute(() -> lagging.request(1));
        }
    }

    private void read(String data) {
        switch (event) {
            case "explanation.delta" -> words();
            case "document.completed", "document.failed" -> end(index(data));
            default -> {}
        }
    }

    private void words() {
        if (firstWords == due) {
            firstWords = System.nanoTime();
        }
        if (sample.manner() == Manner.LEAVES && subscription != null) {
            subscription.cancel();
            finish("");
        }
    }

    /** The index is the first field of a terminal event. */
    private static int index(String data) {
        int from = data.indexOf(INDEX) + INDEX.length();
        int to = from;
        while (to < data.length() && Character.isDigit(data.charAt(to))) {
            to++;
        }
        return Integer.parseInt(data, from, to, 10);
    }

    private void end(int index) {
        twice |= ends.get(index);
        ends.set(index);
    }

    @Override
    public void onError(Throwable thrown) {
        finish(thrown.toString());
    }

    @Override
    public void onComplete() {
        finish("");
    }

    /** All bytes are here, or none will come; lines may still wait to be read. */
    void received(@Nullable HttpResponse<Void> response, @Nullable Throwable thrown) {
        if (thrown != null || status != Outcome.OK) {
            finish(thrown == null ? "" : thrown.toString());
            Flow.Subscription stalled = subscription;
            if (stalled != null) {
                stalled.cancel();
            }
        }
    }

    /** Takes the first call only. */
    private void finish(String fault) {
        boolean whole = fault.isEmpty()
                && !twice
                && ends.cardinality() == sample.documents()
                && event.equals("rerank.completed");
        outcome.complete(new Outcome(
                sample.manner(),
                status,
                comeBack,
                due,
                firstWords,
                System.nanoTime(),
                sample.documents(),
                whole,
                fault));
    }
}

package dev.whyrank.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Sends requests to one service. Belongs to the thread that sends. */
public final class Caller {

    private final HttpClient http;
    private final URI url;
    private final @Nullable String key;
    private final Duration patience;
    private final IntFunction<Sample> samples;
    private int next;

    /**
     * A caller.
     *
     * @param service scheme, host and port
     * @param key API key, or null
     * @param patience longest time an answer may take, to its last byte
     * @param samples the request of each number
     */
    public Caller(URI service, @Nullable String key, Duration patience, IntFunction<Sample> samples) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        this.url = service.resolve("/v1/rerank");
        this.key = key;
        this.patience = patience;
        this.samples = samples;
    }

    /** Requests at a constant rate, sent when they are due whatever became of earlier ones; returns when all have ended. */
    Phase constantly(double times, double perSecond, Duration length) {
        int count = (int) Math.max(1, Math.round(perSecond * length.toNanos() / 1e9));
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begin + (long) (i * 1e9 / perSecond);
            long early = due - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            }
            outcomes.add(send(samples.apply(next++), due));
        }
        return new Phase(times, perSecond, ended(outcomes));
    }

    /**
     * Requests as fast as they are answered, so many at once, from clients that read.
     *
     * @return its rate is of whole answers within the time; those that were refused or broke are no capacity
     */
    Phase asFastAsItGoes(int atOnce, Duration length) throws InterruptedException {
        Semaphore free = new Semaphore(atOnce);
        AtomicInteger within = new AtomicInteger();
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            free.acquire();
            CompletableFuture<Outcome> outcome = send(reading(samples.apply(next++)), System.nanoTime());
            outcomes.add(outcome.whenComplete((done, thrown) -> {
                within.addAndGet(done.whole() && System.nanoTime() < end ? 1 : 0);
                free.release();
            }));
        }
        return new Phase(1, within.get() * 1e9 / length.toNanos(), ended(outcomes));
    }

    /** One request after another, nobody else about. */
    Phase alone(int count) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            outcomes.add(knock());
        }
        return new Phase(0, 0, outcomes);
    }

    /** One request, read to its end. */
    public Outcome knock() {
        return send(reading(samples.apply(next++)), System.nanoTime()).join();
    }

    private static Sample reading(Sample sample) {
        return new Sample(sample.body(), sample.documents(), Manner.READS);
    }

    private CompletableFuture<Outcome> send(Sample sample, long due) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .header("Cache-Control", "no-cache")
                .timeout(patience)
                .POST(HttpRequest.BodyPublishers.ofString(sample.body()));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        Exchange exchange = new Exchange(sample, due);
        // The request's own timeout is over once the headers are there; a stream may still stall after them.
        var unused = http.sendAsync(request.build(), exchange)
                .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete(exchange::received);
        return exchange.outcome();
    }

    private static List<Outcome> ended(List<CompletableFuture<Outcome>> outcomes) {
        return outcomes.stream().map(CompletableFuture::join).toList();
    }
}

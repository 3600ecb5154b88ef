package dev.whyrank.rerank;

import dev.whyrank.generate.Priority;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reranks with a judge in this process. Owns its worker threads and its timer; the judge belongs to the caller and must
 * outlive it.
 */
public final class LocalReranker implements Reranker, AutoCloseable {

    /** What is never read takes memory while it waits: the queue's tokens bound that, too. */
    private static final int CHARACTERS_HELD_PER_TOKEN = 64;

    private static final Duration LAST_EVENTS = Duration.ofSeconds(5);

    private final Supplier<String> model;
    private final Judge judge;
    private final RerankObserver observer;
    private final LongSupplier nanoTime;
    private final Admission admission;
    private final Backlog backlog;
    private final ActiveRuns active = new ActiveRuns();
    private final ExecutorService workers;
    private final DeadlineTimer timer;
    private final Runnable closeTimer;

    /**
     * How much may be accepted, and how many threads prepare and read it.
     *
     * @param maxQueuedTokens estimated tokens of all accepted requests together
     * @param maxRequestTokens estimated tokens of one request; larger ones are refused for good
     * @param workers threads that tokenise prompts and read answers
     */
    public record Settings(long maxQueuedTokens, long maxRequestTokens, int workers) {

        public Settings {
            if (workers < 1) {
                throw new IllegalArgumentException("a reranker needs at least one worker, not " + workers);
            }
        }
    }

    /**
     * Starts a reranker.
     *
     * @param model the name that results report
     */
    public LocalReranker(String model, Judge judge, Settings settings, RerankObserver observer) {
        this(() -> model, judge, settings, observer);
    }

    /** The same for a model whose name is not known yet. */
    public LocalReranker(Supplier<String> model, Judge judge, Settings settings, RerankObserver observer) {
        this(
                model,
                judge,
                settings,
                observer,
                System::nanoTime,
                Executors.newFixedThreadPool(settings.workers(), threads("rerank-worker-")),
                new Clockwork());
    }

    private LocalReranker(
            Supplier<String> model,
            Judge judge,
            Settings settings,
            RerankObserver observer,
            LongSupplier nanoTime,
            ExecutorService workers,
            Clockwork clockwork) {
        this(model, judge, settings, observer, nanoTime, workers, clockwork, clockwork::close);
    }

    /** For tests: time is given from outside. */
    LocalReranker(
            Supplier<String> model,
            Judge judge,
            Settings settings,
            RerankObserver observer,
            LongSupplier nanoTime,
            ExecutorService workers,
            DeadlineTimer timer,
            Runnable closeTimer) {
        this.model = model;
        this.judge = judge;
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.admission =
                new Admission(new Admission.Limits(settings.maxQueuedTokens(), settings.maxRequestTokens()), nanoTime);
        this.backlog = new Backlog(observer);
        this.workers = workers;
        this.timer = timer;
        this.closeTimer = closeTimer;
    }

    private static ThreadFactory threads(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public String model() {
        return model.get();
    }

    @Override
    public ExplanationKind explanationKind() {
        return judge.kind();
    }

    @Override
    public Handle rerank(RerankRequest request, Consumer<RerankEvent> listener) {
        RequestRun run = admit(request.handling().priority(), () -> estimate(request), around -> {
            Stopwatch stopwatch = new Stopwatch(nanoTime, observer);
            return new RequestRun(
                    request, judge, observer.begun(request, model.get()).andThen(listener), stopwatch, around);
        });
        observer.accepted(request.candidates().size());
        run.begin();
        return run;
    }

    private long estimate(RerankRequest request) {
        if (Characters.blank(request.query())) {
            throw new RerankException(ErrorCode.INVALID_REQUEST, "the query is blank; ask something");
        }
        return Math.max(judge.estimateTokens(request), request.characters() / CHARACTERS_HELD_PER_TOKEN);
    }

    /**
     * Accepts a request of any kind under the same rules: admitted by its tokens, worked on by the same workers, drained
     * with the others.
     *
     * @param priority bulk requests may take only a part of the queue
     * @param tokens estimates the work; may refuse the request
     * @param making makes the run, which releases its permit and says when it has ended
     * @throws RerankException if the request is refused
     */
    <R extends ActiveRun> R admit(Priority priority, LongSupplier tokens, Function<Surroundings, R> making) {
        try {
            return active.add(() -> {
                Admission.Permit permit = admission.acquire(tokens.getAsLong(), priority);
                return making.apply(new Surroundings(workers, timer, permit, backlog, observer, active::remove));
            });
        } catch (RerankException e) {
            observer.rejected(e.code());
            throw e;
        }
    }

    /** Estimated tokens of all accepted requests that have not ended. */
    public long queuedTokens() {
        return admission.taken();
    }

    /**
     * Refuses new requests, lets accepted ones end, and fails those that are not done in time. Returns when all have told
     * their end: who closes connections afterwards closes them on nobody.
     *
     * @return whether all ended by themselves
     */
    public boolean drain(Duration patience) {
        active.close();
        List<ActiveRun> late = active.awaitNone(patience);
        late.forEach(run -> run.abort(ErrorCode.NOT_READY, "the service is shutting down"));
        active.awaitNone(LAST_EVENTS);
        return late.isEmpty();
    }

    /** Drains without patience and ends the threads. */
    @Override
    public void close() {
        drain(Duration.ZERO);
        closeTimer.run();
        workers.shutdown();
    }

    /** A timer of one thread. */
    private static final class Clockwork implements DeadlineTimer {

        private final ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(1, threads("rerank-deadlines-"));

        Clockwork() {
            // Deadlines are mostly called off; kept until their time, they would hold finished requests in memory.
            executor.setRemoveOnCancelPolicy(true);
        }

        @Override
        public Runnable after(Duration delay, Runnable task) {
            Future<?> planned = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> planned.cancel(false);
        }

        void close() {
            executor.shutdownNow();
        }
    }
}

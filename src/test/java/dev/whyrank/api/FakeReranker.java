package dev.whyrank.api;

import dev.whyrank.Patience;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.Reranker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * A reranker whose answers follow from the texts alone and which throws when anybody, also itself, breaks the contract.
 * Documents that hold "good" are relevant, "fair" partially; "boom" fails. Tests may refuse requests or drive the events
 * by hand.
 */
public final class FakeReranker implements Reranker, DisposableBean {

    /** Why a document with "boom" in it fails. */
    static final String STUMBLED = "the model stumbled";

    /** The served model. */
    public static final String MODEL = "fake-1";

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();
    private volatile @Nullable RerankException refusal;
    private volatile Consumer<Run> script = FakeReranker::playAll;

    /** Answers normally from now on. */
    public void reset() {
        refusal = null;
        script = FakeReranker::playAll;
        runs.clear();
    }

    /** Refuses every request from now on. */
    public void refuse(RerankException why) {
        refusal = why;
    }

    /** Leaves the events of every request from now on to the test. */
    public void driveByHand() {
        script = run -> {};
    }

    /** Plays requests from now on this way, on a worker thread. */
    public void play(Consumer<Run> newScript) {
        script = newScript;
    }

    /** The next accepted request. */
    public Run nextRun() throws InterruptedException {
        Run run = runs.poll(Patience.SECONDS, TimeUnit.SECONDS);
        if (run == null) {
            throw new AssertionError("no request was accepted within 10 s");
        }
        return run;
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public ExplanationKind explanationKind() {
        return ExplanationKind.REASONING;
    }

    @Override
    public Handle rerank(RerankRequest request, Consumer<RerankEvent> listener) {
        requireValid(request);
        RerankException why = refusal;
        if (why != null) {
            throw why;
        }
        Run run = new Run(request, listener);
        runs.add(run);
        Consumer<Run> chosen = script;
        worker.execute(() -> chosen.accept(run));
        return run;
    }

    @Override
    public void destroy() {
        worker.shutdownNow();
    }

    private static void requireValid(RerankRequest request) {
        RerankRequest.Options options = request.options();
        boolean valid = !request.id().isBlank()
                && !request.query().isBlank()
                && !request.candidates().isEmpty()
                && options.maxExplanationTokens() > 0
                && options.alpha() >= 0
                && options.alpha() <= 1;
        if (!valid) {
            throw new AssertionError("the caller let an invalid request through: " + request);
        }
    }

    /** Plays a whole request. */
    public static void playAll(Run run) {
        run.emit(new RerankEvent.Started(0));
        for (int i = 0; i < run.request().candidates().size(); i++) {
            run.playDocument(i);
        }
        run.finish();
    }

    /** An accepted request; checks the order of its events. */
    public static final class Run implements Handle {

        private final RerankRequest request;
        private final Consumer<RerankEvent> listener;
        private final CountDownLatch cancelled = new CountDownLatch(1);
        private final Set<Integer> open = new HashSet<>();
        private final Set<Integer> done = new HashSet<>();
        private final List<RerankEvent.Ranked> ranking = new ArrayList<>();
        private boolean started;
        private boolean ended;

        Run(RerankRequest request, Consumer<RerankEvent> listener) {
            this.request = request;
            this.listener = listener;
        }

        public RerankRequest request() {
            return request;
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        /** Whether the request is cancelled within some seconds. */
        public boolean awaitCancelled() throws InterruptedException {
            return cancelled.await(Patience.SECONDS, TimeUnit.SECONDS);
        }

        public boolean isCancelled() {
            return cancelled.getCount() == 0;
        }

        /** Passes an event on if its time has come. */
        public synchronized void emit(RerankEvent event) {
            check(event);
            listener.accept(event);
        }

        /** Judges one document by its words. */
        public void playDocument(int index) {
            Candidate candidate = request.candidates().get(index);
            emit(new RerankEvent.DocumentStarted(index, 20, 8, false));
            if (candidate.text().contains("boom")) {
                emit(new RerankEvent.DocumentFailed(index, ErrorCode.ENGINE_FAILURE, STUMBLED));
                return;
            }
            Judgement judgement = judge(candidate.text());
            for (String word : judgement.explanation().split("(?<= )", -1)) {
                if (!word.isEmpty()) {
                    emit(new RerankEvent.ExplanationDelta(index, word));
                }
            }
            double score = judgement.modelScore() - index * 1e-6;
            ranking.add(new RerankEvent.Ranked(index, judgement, score, null));
            int rank = (int) ranking.stream()
                            .filter(each -> each.judgement() != null && each.relevanceScore() > score)
                            .count()
                    + 1;
            emit(new RerankEvent.DocumentCompleted(index, judgement, score, rank));
        }

        /** Ends the request with the ranking of what was judged. */
        public void finish(String... warnings) {
            List<RerankEvent.Ranked> sorted = new ArrayList<>(ranking);
            sorted.sort(Comparator.comparing((RerankEvent.Ranked each) -> each.judgement() == null)
                    .thenComparing(each -> -each.relevanceScore()));
            RerankEvent.Timings timings =
                    new RerankEvent.Timings(Duration.ofMillis(1), Duration.ofNanos(2_500_000), Duration.ofMillis(12));
            emit(new RerankEvent.Completed(sorted, timings, List.of(warnings)));
        }

        /** Judges the only document with this explanation and ends the request. */
        public void answer(String explanation) {
            emit(new RerankEvent.Started(0));
            emit(new RerankEvent.DocumentStarted(0, 20, 8, false));
            Judgement judgement = judge("good", explanation);
            ranking.add(new RerankEvent.Ranked(0, judgement, judgement.modelScore(), null));
            emit(new RerankEvent.DocumentCompleted(0, judgement, judgement.modelScore(), 1));
            finish();
        }

        /** Ends the request without a ranking. */
        public void fail(ErrorCode code, String message) {
            for (int i = 0; i < request.candidates().size(); i++) {
                if (!done.contains(i)) {
                    emit(new RerankEvent.DocumentFailed(i, code, message));
                }
            }
            emit(new RerankEvent.Failed(code, message));
        }

        private Judgement judge(String text) {
            return judge(text, request.options().explain() ? "It says: “" + text + "”" : "");
        }

        private static Judgement judge(String text, String explanation) {
            int label = text.contains("good") ? 2 : text.contains("fair") ? 1 : 0;
            double sure = 0.9;
            List<Double> probabilities = new ArrayList<>(List.of(0.05, 0.05, 0.05));
            probabilities.set(label, sure);
            double score = (probabilities.get(1) + 2 * probabilities.get(2)) / 2;
            return new Judgement(
                    explanation,
                    label,
                    List.of(0, 1, 2),
                    List.copyOf(probabilities),
                    score,
                    Judgement.LabelSource.STATED,
                    Judgement.Ending.STOP,
                    false,
                    new Judgement.Usage(20, 8, 5));
        }

        private void check(RerankEvent event) {
            boolean allowed;
            if (event instanceof RerankEvent.Started) {
                allowed = !started;
                started = true;
            } else if (event instanceof RerankEvent.DocumentStarted document) {
                allowed = started && !done.contains(document.index()) && open.add(document.index());
            } else if (event instanceof RerankEvent.ExplanationDelta delta) {
                allowed = open.contains(delta.index()) && !delta.delta().isEmpty();
            } else if (event instanceof RerankEvent.DocumentCompleted completed) {
                allowed = open.remove(completed.index()) && done.add(completed.index());
            } else if (event instanceof RerankEvent.DocumentFailed failed) {
                open.remove(failed.index());
                ranking.add(new RerankEvent.Ranked(failed.index(), null, 0, failed));
                allowed = started && done.add(failed.index());
            } else {
                allowed = started && done.size() == request.candidates().size();
            }
            if (!allowed || ended) {
                throw new AssertionError("out of order: " + event);
            }
            ended = event instanceof RerankEvent.Completed || event instanceof RerankEvent.Failed;
        }
    }
}

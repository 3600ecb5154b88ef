package dev.whyrank.rerank;

import static dev.whyrank.rerank.Laboratory.asked;
import static dev.whyrank.rerank.Laboratory.explaining;
import static dev.whyrank.rerank.Laboratory.graded;
import static dev.whyrank.rerank.Laboratory.options;
import static dev.whyrank.rerank.Laboratory.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.generate.Priority;
import dev.whyrank.rerank.RerankEvent.Ranked;
import dev.whyrank.rerank.RerankRequest.Handling;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.RerankRequest.Reuse;
import dev.whyrank.rerank.cache.CachingJudge;
import dev.whyrank.rerank.cache.MemoryResultStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A reused judgement is the one that would be made, told in the same order, at no cost. */
class ResultCacheTest {

    private static final int ALL = Integer.MAX_VALUE;
    private static final LocalReranker.Settings SETTINGS = new LocalReranker.Settings(1_000_000, 500_000, 2);
    private static final Judgement.Usage FREE = new Judgement.Usage(0, 0, 0, 1);

    private final MemoryResultStore store = new MemoryResultStore(1 << 20, Duration.ofHours(1));
    private final AtomicInteger lookedUp = new AtomicInteger();
    private final AtomicInteger reused = new AtomicInteger();

    private Laboratory cached(int slots) {
        RerankObserver observer = new RerankObserver() {
            @Override
            public void lookedUp(int documents, int found) {
                lookedUp.addAndGet(documents);
                reused.addAndGet(found);
            }
        };
        return new Laboratory(
                slots,
                new Actor(),
                SETTINGS,
                observer,
                judge -> new CachingJudge(judge, () -> List.of("scripted"), store, observer));
    }

    private static Judgement free(Judgement judgement) {
        return judgement.spending(new Judgement.Usage(0, 0, 0));
    }

    /** All that a client is told but costs and times. */
    private static List<Object> told(Recording heard) {
        List<Object> told = new ArrayList<>();
        RerankEvent last = heard.await().events().get(heard.events().size() - 1);
        if (last instanceof RerankEvent.Completed completed) {
            for (Ranked ranked : completed.ranking()) {
                Judgement judgement = ranked.judgement();
                told.add(new Ranked(
                        ranked.index(),
                        judgement == null ? null : free(judgement),
                        ranked.relevanceScore(),
                        ranked.failure()));
                told.add(heard.deltas(ranked.index()));
            }
            told.add(completed.warnings());
        } else {
            told.add(last);
        }
        return told;
    }

    @Test
    void aCachedReplyEqualsAnUncachedOne() {
        long seed = 20261127;
        System.Logger log = System.getLogger(getClass().getName());
        log.log(System.Logger.Level.INFO, "seed {0}", seed);
        Random random = new Random(seed);
        try (Laboratory plain = new Laboratory(4, new Actor());
                Laboratory cached = cached(4)) {
            for (int round = 0; round < 120; round++) {
                RerankRequest request = random(random);
                String claim = "round " + round + ": " + request;
                Recording expected = plain.rerank(request);
                Recording heard = cached.rerank(request);
                assertThat(told(heard)).as(claim).isEqualTo(told(expected));
                heard.requireOrder(request.candidates().size(), claim);
                Recording again = cached.rerank(request);
                assertThat(told(again)).as(claim + ", again").isEqualTo(told(expected));
                again.requireOrder(request.candidates().size(), claim + ", again");
            }
        }
        assertThat(reused.get()).isGreaterThan(lookedUp.get() / 2).isLessThan(lookedUp.get());
    }

    /** Few enough texts to meet again; some equal within a request, some blank, some too long. */
    private static RerankRequest random(Random random) {
        String[] documents = new String[1 + random.nextInt(6)];
        for (int i = 0; i < documents.length; i++) {
            int text = random.nextInt(10);
            documents[i] = text == 9 ? " " : "x ".repeat(text == 8 ? 500 : text * 5) + "grade=" + text % 3;
        }
        Options options = new Options(
                random.nextInt(4) > 0,
                random.nextBoolean() ? ALL : 1 + random.nextInt(3),
                random.nextInt(3) == 0 ? 12 : 100,
                random.nextInt(3) == 0 ? 30 : ALL,
                random.nextInt(8) > 0,
                0.7,
                null,
                random.nextInt(4) == 0 ? "Be strict." : null);
        RerankRequest plain = request(options, documents);
        return new RerankRequest("r", random.nextBoolean() ? "why?" : "how?", plain.candidates(), options);
    }

    @Test
    void aKnownDocumentCostsNothingAndSaysSo() {
        try (Laboratory lab = cached(4)) {
            AtomicInteger steps = new AtomicInteger();
            lab.model.beforeStep(step -> steps.incrementAndGet());
            lab.rerank(asked(graded(1, 2))).completed();
            int before = steps.get();
            Recording heard = lab.rerank(asked(graded(2, 1)));
            heard.completed();
            heard.requireOrder(2, "both known");
            assertThat(steps.get()).isEqualTo(before);
            assertThat(heard.judgement(0).usage()).isEqualTo(FREE);
            assertThat(heard.all(RerankEvent.DocumentStarted.class)).hasSize(2);
        }
    }

    @Test
    void equalDocumentsOfARequestAreJudgedOnce() {
        try (Laboratory lab = cached(4)) {
            Recording heard = lab.rerank(asked(graded(1, 2, 1, 1)));
            heard.completed();
            heard.requireOrder(4, "three equal documents");
            assertThat(heard.judgement(0).usage().completionTokens()).isPositive();
            assertThat(heard.judgement(2).usage()).isEqualTo(FREE);
            assertThat(heard.judgement(3).spending(FREE))
                    .isEqualTo(heard.judgement(0).spending(FREE));
            assertThat(lookedUp).hasValue(4);
            assertThat(reused).hasValue(2);
        }
    }

    @Test
    void aRequestMayHaveEverythingJudgedAnew() {
        try (Laboratory lab = cached(4)) {
            RerankRequest request = asked(graded(2));
            lab.rerank(request.handled(new Handling(Reuse.NONE, Priority.INTERACTIVE)))
                    .completed();
            assertThat(store.cache().asMap()).isEmpty();
            lab.rerank(request.handled(new Handling(Reuse.REFRESH, Priority.INTERACTIVE)))
                    .completed();
            assertThat(store.cache().asMap()).hasSize(1);
            for (Reuse reuse : List.of(Reuse.NONE, Reuse.REFRESH)) {
                Recording anew = lab.rerank(request.handled(new Handling(reuse, Priority.INTERACTIVE)));
                anew.completed();
                assertThat(anew.judgement(0).usage().completionTokens()).isPositive();
            }
        }
    }

    @Test
    void whatFailsOrIsCancelledIsNotKeptAndEqualDocumentsShareTheEnd() {
        try (Laboratory lab = cached(2)) {
            lab.model.beforeStep(step -> {
                throw new IllegalStateException("the model stumbles");
            });
            Recording failed = lab.rerank(asked(graded(2, 2)));
            assertThat(failed.failed().code()).isEqualTo(ErrorCode.ENGINE_FAILURE);
            failed.requireOrder(2, "failed");
            assertThat(store.cache().asMap()).isEmpty();
            lab.model.beforeStep(step -> {});
            CompletableFuture<Reranker.Handle> handle = new CompletableFuture<>();
            Recording cancelled = new Recording().also(event -> {
                if (event instanceof RerankEvent.ExplanationDelta) {
                    handle.join().cancel();
                }
            });
            handle.complete(lab.reranker.rerank(asked(graded(2, 2, 1)), cancelled));
            assertThat(cancelled.failed().code()).isEqualTo(ErrorCode.CANCELLED);
            cancelled.requireOrder(3, "cancelled");
            // A document may have been judged to its end before the request was cancelled.
            assertThat(store.cache().asMap().values())
                    .allSatisfy(kept -> assertThat(kept.judgement().ending()).isEqualTo(Judgement.Ending.STOP));
        }
    }

    @Test
    void whatADeadlineCutIsNotKept() throws InterruptedException {
        try (Laboratory lab = cached(1)) {
            CountDownLatch busy = new CountDownLatch(3);
            CountDownLatch over = new CountDownLatch(1);
            lab.model.beforeStep(step -> {
                busy.countDown();
                if (busy.getCount() == 0) {
                    await(over);
                }
            });
            Recording heard = lab.rerank(request(Laboratory.explainingUntilDeadline(), graded(2, 2)));
            await(busy);
            lab.deadlineComes();
            await(lab.concluded);
            over.countDown();
            heard.completed();
            heard.requireOrder(2, "deadline");
            assertThat(heard.judgement(0).ending()).isEqualTo(Judgement.Ending.DEADLINE);
            assertThat(store.cache().asMap()).isEmpty();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRefusalIsTheSameWhetherSomeAreKnownOrNot() {
        Options uncut = options(true, ALL, 100, 10, false, false);
        try (Laboratory lab = cached(2)) {
            lab.rerank(request(explaining(), graded(1))).completed();
            lab.rerank(request(uncut, "grade=1")).completed();
            Recording heard = lab.rerank(request(uncut, "grade=1", "far too long ".repeat(9)));
            assertThat(heard.failed().code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
            heard.requireOrder(2, "refused");
        }
    }

    @Test
    void aJudgeThatSamplesIsAlwaysAsked() {
        try (Laboratory lab = new Laboratory(
                2,
                new Actor(),
                SETTINGS,
                RerankObserver.NONE,
                judge ->
                        new CachingJudge(new Sampling(judge), () -> List.of("scripted"), store, RerankObserver.NONE))) {
            lab.rerank(asked(graded(2))).completed();
            assertThat(store.cache().asMap()).isEmpty();
        }
    }

    private record Sampling(Judge judge) implements Judge {

        @Override
        public boolean reproducible() {
            return false;
        }

        @Override
        public ExplanationKind kind() {
            return judge.kind();
        }

        @Override
        public LabelSet labels() {
            return judge.labels();
        }

        @Override
        public long estimateTokens(RerankRequest request) {
            return judge.estimateTokens(request);
        }

        @Override
        public Judging judge(Task task, Listener listener) {
            return judge.judge(task, listener);
        }
    }
}

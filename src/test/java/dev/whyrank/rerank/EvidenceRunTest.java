package dev.whyrank.rerank;

import static dev.whyrank.rerank.EvidenceLaboratory.FRAME;
import static dev.whyrank.rerank.EvidenceLaboratory.SCALE;
import static dev.whyrank.rerank.EvidenceLaboratory.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.Judgement.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What becomes of documents on their way through the encoder. */
class EvidenceRunTest {

    private final EvidenceLaboratory lab = new EvidenceLaboratory();

    @Test
    void oneDocumentThatTheEncoderFailsOnFailsAlone() {
        try (LocalReranker reranker =
                lab.reranker(texts -> Arrays.stream(texts.get(0)).anyMatch(id -> id == '!')
                        ? CompletableFuture.failedFuture(new IllegalStateException("broken"))
                        : lab.encode(texts))) {
            Recording heard = new Recording();
            reranker.rerank(request(Laboratory.explaining(), "xx", "no!", "aa"), heard);
            assertThat(Laboratory.order(heard.completed())).containsExactly(0, 2, 1);
            assertThat(heard.all(RerankEvent.DocumentFailed.class))
                    .extracting(RerankEvent.DocumentFailed::code)
                    .containsExactly(ErrorCode.ENGINE_FAILURE);
        }
    }

    @Test
    void cancellingWithdrawsWhatTheEncoderHas() {
        List<CompletableFuture<List<float[]>>> pending = new CopyOnWriteArrayList<>();
        try (LocalReranker reranker = lab.reranker(texts -> {
            if (pending.isEmpty()) {
                pending.add(new CompletableFuture<>());
                return lab.encode(texts);
            }
            CompletableFuture<List<float[]>> never = new CompletableFuture<>();
            pending.add(never);
            return never;
        })) {
            CompletableFuture<Reranker.Handle> handle = new CompletableFuture<>();
            Recording heard = new Recording().also(event -> {
                if (event instanceof RerankEvent.DocumentStarted) {
                    handle.join().cancel();
                }
            });
            String[] documents = new String[20];
            Arrays.fill(documents, "xx");
            handle.complete(reranker.rerank(request(Laboratory.explaining(), documents), heard));
            assertThat(heard.failed().code()).isEqualTo(ErrorCode.CANCELLED);
            heard.requireOrder(20, "cancelled");
            assertThat(pending.subList(1, pending.size()))
                    .allSatisfy(future -> assertThat(future).isCancelled());
            assertThat(reranker.queuedTokens()).isZero();
        }
    }

    @Test
    void atTheDeadlineDocumentsInTheEncoderAreStillJudged() {
        List<Runnable> steps = new ArrayList<>();
        String[] documents = new String[20];
        Arrays.fill(documents, "xx");
        RerankRequest request = request(Laboratory.explaining(), documents);
        EvidenceJudge judge = new EvidenceJudge(
                texts -> {
                    CompletableFuture<List<float[]>> future = new CompletableFuture<>();
                    steps.add(() -> future.complete(lab.encode(texts).join()));
                    return future;
                },
                new ByteCodec(),
                FRAME,
                SCALE,
                TextAnalysis.ENGLISH);
        List<Integer> judged = new ArrayList<>();
        List<Integer> withdrawn = new ArrayList<>();
        Judge.Judging judging = judge.judge(
                new Judge.Task(
                        request, List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), true, Runnable::run, () -> false),
                new Counting(judged, withdrawn));
        steps.get(0).run();
        judging.conclude();
        new ArrayList<>(steps).forEach(Runnable::run);
        assertThat(judged).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(withdrawn).containsExactly(8, 9, 10, 11);
    }

    private record Counting(List<Integer> judged, List<Integer> withdrawn) implements Judge.Listener {

        @Override
        public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {
            assertThat(promptTokens).isPositive();
        }

        @Override
        public void delta(int index, String text) {
            assertThat(text).isNotEmpty();
        }

        @Override
        public void judged(int index, Judgement judgement) {
            assertThat(judgement.ending()).isEqualTo(Ending.STOP);
            judged.add(index);
        }

        @Override
        public void failed(int index, ErrorCode code, String message) {
            throw new AssertionError(message);
        }

        @Override
        public void withdrawn(int index) {
            withdrawn.add(index);
        }
    }
}

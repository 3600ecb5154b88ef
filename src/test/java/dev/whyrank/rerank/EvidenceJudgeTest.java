package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.rerank.Judgement.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EvidenceJudgeTest {

    private static final int WINDOW = 42;
    private static final EvidenceJudge.Frame FRAME =
            new EvidenceJudge.Frame(new int[] {ByteCodec.USER}, new int[] {ByteCodec.END}, WINDOW);

    /** Of the cosine alone: partly from 0.3, fully from 0.5. */
    private static final OrdinalScale SCALE = new OrdinalScale(16, 0, 4.8, 8, 0.25, 0.75);

    private final List<int[]> encoded = new CopyOnWriteArrayList<>();

    /** How often the letter x occurs decides how close a text is to a query of nothing else. */
    private CompletableFuture<List<float[]>> encode(List<int[]> texts) {
        encoded.addAll(texts);
        return CompletableFuture.completedFuture(texts.stream()
                .map(ids -> {
                    long close = Arrays.stream(ids).filter(id -> id == 'x').count();
                    double angle = Math.PI / 2 * (1 - (double) close / (ids.length - 2));
                    return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
                })
                .toList());
    }

    private LocalReranker reranker(Function<List<int[]>, CompletableFuture<List<float[]>>> encoder) {
        EvidenceJudge judge = new EvidenceJudge(encoder::apply, new ByteCodec(), FRAME, SCALE, TextAnalysis.ENGLISH);
        return new LocalReranker(
                "evidence", judge, new LocalReranker.Settings(100_000, 100_000, 2), RerankObserver.NONE);
    }

    private static RerankRequest request(RerankRequest.Options options, String... documents) {
        return new RerankRequest(
                "r", "xxx", Laboratory.request(options, documents).candidates(), options);
    }

    private Recording run(RerankRequest request) {
        try (LocalReranker reranker = reranker(this::encode)) {
            Recording heard = new Recording();
            reranker.rerank(request, heard);
            return heard.await();
        }
    }

    @Test
    void quotesTheClosestSentenceWordForWord() {
        Recording heard = run(request(Laboratory.explaining(), "Nothing here. Then xxxxxxxxx! And so on.", "Bare."));
        assertThat(Laboratory.order(heard.completed())).containsExactly(0, 1);
        assertThat(heard.judgement(0).explanation())
                .contains("\"Then xxxxxxxxx!\"")
                .isEqualTo(heard.deltas(0));
        assertThat(heard.all(RerankEvent.ExplanationDelta.class).size()).isGreaterThan(2);
        assertThat(heard.judgement(1).label()).isZero();
        assertThat(heard.judgement(1).explanation())
                .startsWith("Nothing in the document")
                .contains("\"Bare.\"");
        heard.requireOrder(2, "evidence");
    }

    @Test
    void theBestWindowOfALongDocumentCounts() {
        String far = "a".repeat(39) + ".";
        String close = "x".repeat(39) + ".";
        Recording heard = run(request(Laboratory.explaining(), far + " " + far + " " + close + " " + far, far));
        assertThat(heard.completed().ranking().get(0).index()).isZero();
        assertThat(heard.judgement(0).label()).isEqualTo(2);
        assertThat(heard.judgement(0).explanation()).contains(close);
        assertThat(encoded).allSatisfy(ids -> assertThat(ids.length).isLessThanOrEqualTo(WINDOW));
    }

    @Test
    void labelsWithoutQuotingWhenNobodyAsks() {
        Recording heard = run(request(
                Laboratory.options(false, Integer.MAX_VALUE, 100, Integer.MAX_VALUE, true, false), "One. xxx. Two."));
        heard.completed();
        assertThat(heard.judgement(0).explanation()).isEmpty();
        assertThat(encoded).hasSize(2);
    }

    @Test
    void cutsADocumentToTheCallersBudget() {
        RerankRequest.Options options = Laboratory.options(true, Integer.MAX_VALUE, 100, 5, true, false);
        Recording heard = run(request(options, "aaaaa. xxxxxxxxxx.", "aaaaa"));
        heard.completed();
        assertThat(heard.judgement(0).truncated()).isTrue();
        assertThat(heard.judgement(0).label()).isZero();
        assertThat(heard.judgement(1).truncated()).isFalse();
        RerankRequest.Options strict = Laboratory.options(true, Integer.MAX_VALUE, 100, 5, false, false);
        assertThat(run(request(strict, "aaaaa. xxxxxxxxxx.")).failed().code())
                .isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
    }

    @Test
    void readsALongDocumentUpToItsBoundAndNoFurther() {
        String far = "aaaaaaaaa. ";
        String close = "xxxxxxxxx.";
        RerankRequest.Options brief = Laboratory.options(false, Integer.MAX_VALUE, 100, Integer.MAX_VALUE, true, false);
        String within = far.repeat(2900) + close;
        String beyond = far.repeat(3000) + close + far.repeat(7000);
        String nothing = " ".repeat(EvidenceText.LONGEST) + close;
        Recording heard = run(request(brief, within, beyond, nothing));
        heard.completed();
        assertThat(heard.judgement(0).truncated()).isFalse();
        assertThat(heard.judgement(1).truncated()).isTrue();
        assertThat(heard.judgement(0).modelScore())
                .isGreaterThan(heard.judgement(1).modelScore());
        assertThat(heard.judgement(2).truncated()).isFalse();
        assertThat(heard.judgement(2).label()).isEqualTo(2);
    }

    @Test
    void refusesAQueryThatWouldHaveToBeCut() {
        RerankRequest request = new RerankRequest(
                "r",
                "x".repeat(EvidenceText.LONGEST + 1),
                List.of(new RerankRequest.Candidate("x", null)),
                Laboratory.explaining());
        RerankEvent.Failed failed = run(request).failed();
        assertThat(failed.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
        assertThat(failed.message()).startsWith("the query").hasSizeLessThan(200);
        assertThat(encoded).isEmpty();
    }

    @Test
    void judgesADocumentOfWhichTheTokenizerKnowsNothingAsBlank() {
        TokenCodec deaf = new TokenCodec() {
            @Override
            public int[] encodeText(String words) {
                return words.startsWith("x") ? new int[] {'x'} : new int[0];
            }

            @Override
            public int[] encodeMarkup(String words) {
                return encodeText(words);
            }

            @Override
            public byte[] of(int token) {
                return new byte[0];
            }
        };
        EvidenceJudge judge = new EvidenceJudge(this::encode, deaf, FRAME, SCALE, TextAnalysis.ENGLISH);
        LocalReranker.Settings settings = new LocalReranker.Settings(100_000, 100_000, 2);
        try (LocalReranker reranker = new LocalReranker("evidence", judge, settings, RerankObserver.NONE)) {
            Recording heard = new Recording();
            reranker.rerank(request(Laboratory.explaining(), "unknown", "xxx"), heard);
            assertThat(Laboratory.order(heard.await().completed())).containsExactly(1, 0);
            assertThat(heard.judgement(0).explanation()).isEqualTo("The document is blank.");
            assertThat(heard.judgement(0).source()).isEqualTo(Judgement.LabelSource.DEFAULTED);
            assertThat(encoded).hasSize(2);
        }
    }

    @Test
    void aQueryLongerThanTheWindowIsCoveredWindowByWindow() {
        String query = "x".repeat(40) + " " + "a".repeat(30);
        RerankRequest request = new RerankRequest(
                "r",
                query,
                Laboratory.request(Laboratory.explaining(), "xxxxxxx", "aaaaaaa", "xxxxaaa")
                        .candidates(),
                Laboratory.explaining());
        Recording heard = run(request);
        assertThat(Laboratory.order(heard.completed())).containsExactly(2, 0, 1);
        assertThat(encoded.subList(0, 2)).extracting(ids -> ids.length).containsExactly(WINDOW, 33);
    }

    @Test
    void oneDocumentThatTheEncoderFailsOnFailsAlone() {
        try (LocalReranker reranker =
                reranker(texts -> Arrays.stream(texts.get(0)).anyMatch(id -> id == '!')
                        ? CompletableFuture.failedFuture(new IllegalStateException("broken"))
                        : encode(texts))) {
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
        try (LocalReranker reranker = reranker(texts -> {
            if (pending.isEmpty()) {
                pending.add(new CompletableFuture<>());
                return encode(texts);
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
                    steps.add(() -> future.complete(encode(texts).join()));
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

    @Test
    void theScaleIsOrdinal() {
        for (double similarity = -1; similarity <= 1; similarity += 0.01) {
            List<Double> probabilities = SCALE.probabilities(features(similarity));
            assertThat(probabilities).allSatisfy(p -> assertThat(p).isBetween(0.0, 1.0));
            assertThat(probabilities.stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-12));
            List<Double> closer = SCALE.probabilities(features(similarity + 0.01));
            assertThat(Scoring.modelScore(LabelSet.GRADED, closer))
                    .isGreaterThanOrEqualTo(Scoring.modelScore(LabelSet.GRADED, probabilities));
            assertThat(SCALE.label(closer)).isGreaterThanOrEqualTo(SCALE.label(probabilities));
        }
        assertThat(SCALE.label(SCALE.probabilities(features(0.1)))).isZero();
        assertThat(SCALE.label(SCALE.probabilities(features(0.4)))).isEqualTo(1);
        assertThat(SCALE.label(SCALE.probabilities(features(0.6)))).isEqualTo(2);
    }

    private static EvidenceFeatures features(double similarity) {
        return new EvidenceFeatures(similarity, 100);
    }

    @Test
    void lengthSaysNothingBeyondWhatWasFitted() {
        assertThat(new EvidenceFeatures(0, 5).queryLength()).isEqualTo(new EvidenceFeatures(0, 15).queryLength());
        assertThat(new EvidenceFeatures(0, 5000).queryLength())
                .isEqualTo(new EvidenceFeatures(0, 50_000).queryLength());
    }

    @Test
    void saysWhatIsMentionedAndWhatIsNot() {
        RerankRequest request = new RerankRequest(
                "r",
                "Why is my pour over coffee bitter? Grinding finer made the coffee worse.",
                Laboratory.request(Laboratory.explaining(), "Bitter cups come from dull burrs and their grinds.")
                        .candidates(),
                Laboratory.explaining());
        assertThat(run(request).judgement(0).explanation())
                .contains("It mentions: bitter, Grinding.")
                .contains("It does not mention: coffee, pour, finer, worse.");
    }

    @Test
    void quotesTwoSentencesInTheDocumentsOrderAndMarksThemSoThatTheirEndsCanBeTold() {
        Recording heard = run(request(Laboratory.explaining(), "Bare. Is \"xxxxxx\" it? And so on. Then xxxxxxxxx!"));
        assertThat(heard.judgement(0).explanation())
                .contains("Closest passages: \u201cIs \"xxxxxx\" it?\u201d and \"Then xxxxxxxxx!\" (similarity");
    }

    @Test
    void bm25StandsInForScoresThatNobodySent() {
        String[] documents = {"aaaa. bbb", "aaaa. ccc", "aaaa. xxx", "aaaa. ddd", "aaaa. eee"};
        Recording heard = run(request(Laboratory.explaining(), documents));
        assertThat(heard.completed().ranking().get(0).index()).isEqualTo(2);
        assertThat(heard.completed().ranking().get(0).relevanceScore()).isGreaterThan(0.99);
        assertThat(heard.completed().warnings()).singleElement().asString().contains("BM25");
        assertThat(run(request(Laboratory.explaining(), "aaaa. bbb", "aaaa. xxx"))
                        .completed()
                        .warnings())
                .isEmpty();
        List<RerankRequest.Candidate> scored = new ArrayList<>();
        for (String document : documents) {
            scored.add(new RerankRequest.Candidate(document, scored.isEmpty() ? 1.0 : null));
        }
        Recording fused = run(new RerankRequest("r", "xxx", scored, Laboratory.explaining()));
        assertThat(fused.completed().warnings()).isEmpty();
        assertThat(fused.judgement(2)).isEqualTo(heard.judgement(2));
    }

    @Test
    void aLongQuoteEndsBetweenWords() {
        String sentence = "word ".repeat(100);
        String quote = EvidenceWords.quote(sentence);
        assertThat(sentence).startsWith(quote);
        assertThat(quote).endsWith("word").hasSizeLessThanOrEqualTo(EvidenceWords.LONGEST_QUOTE);
        assertThat(EvidenceWords.quote("a" + "😀".repeat(300))).hasSize(399).endsWith("😀");
    }
}

package dev.whyrank.rerank;

import static dev.whyrank.rerank.EvidenceLaboratory.FRAME;
import static dev.whyrank.rerank.EvidenceLaboratory.SCALE;
import static dev.whyrank.rerank.EvidenceLaboratory.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the encoder is given, and what comes of it, on the test's own thread. */
class EvidenceEncodingTest {

    private static final RerankRequest.Options BRIEF = Laboratory.options(false, 9, 100, 1000, true, false);

    private final EvidenceLaboratory lab = new EvidenceLaboratory();
    private final Transcript heard = new Transcript();
    private final List<CompletableFuture<List<float[]>>> pending = new ArrayList<>();
    private final List<List<int[]>> given = new ArrayList<>();

    private static EvidenceJudge judge(EvidenceJudge.Encoder encoder) {
        return new EvidenceJudge(encoder, new ByteCodec(), FRAME, SCALE, TextAnalysis.ENGLISH);
    }

    private Judge.Judging begin(EvidenceJudge.Encoder encoder, RerankRequest request) {
        List<Integer> all =
                IntStream.range(0, request.candidates().size()).boxed().toList();
        return judge(encoder)
                .judge(new Judge.Task(request, all, request.options().explain(), Runnable::run, () -> false), heard);
    }

    /** Keeps texts until {@link #encode}. */
    private CompletableFuture<List<float[]>> keep(List<int[]> texts) {
        CompletableFuture<List<float[]>> future = new CompletableFuture<>();
        pending.add(future);
        given.add(texts);
        return future;
    }

    private void encode(int call) {
        pending.get(call).complete(lab.encode(given.get(call)).join());
    }

    private static String[] copies(String text, int count) {
        String[] documents = new String[count];
        Arrays.fill(documents, text);
        return documents;
    }

    @Test
    void everyTextStandsInItsFrame() {
        begin(lab::encode, request(BRIEF, "aa"));
        assertThat(lab.encoded.get(0)).containsExactly(ByteCodec.USER, 'x', 'x', 'x', ByteCodec.END);
        assertThat(lab.encoded.get(1)).containsExactly(ByteCodec.USER, 'a', 'a', ByteCodec.END);
        assertThat(heard.of(0)).containsExactly("started, 4 tokens, 0 cached", "judged 0");
    }

    @Test
    void aWindowHoldsAtLeastOneTokenOfText() {
        int[] mark = {1};
        assertThat(new EvidenceJudge.Frame(mark, mark, 3).room()).isEqualTo(1);
        assertThatThrownBy(() -> new EvidenceJudge.Frame(mark, mark, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sentencesAreEncodedOnlyWhereTwoHaveToBeChosen() {
        begin(lab::encode, request(Laboratory.explaining(), "Xx! Yy!"));
        assertThat(lab.encoded).hasSize(2);
        begin(lab::encode, request(Laboratory.explaining(), "Xx! Yy! Zz!"));
        assertThat(lab.encoded).hasSize(2 + 1 + 1 + 3);
    }

    /** The first sentence merely repeats the question; the window is about something else. */
    @Test
    void quotesWhatIsCloseToTheQuestionAndToTheDocument() {
        String document = "xxxxxxx! xxy! xxz! " + "y".repeat(23) + "!";
        begin(lab::encode, request(Laboratory.explaining(), document));
        assertThat(heard.judgement(0).explanation()).contains("Closest passages: \"xxy!\" and \"xxz!\"");
    }

    @Test
    void aFewAreEncodedAtOnceAndTheNextFollowsTheFirstToEnd() {
        begin(this::keep, request(BRIEF, copies("xx", 10)));
        encode(0);
        assertThat(pending).hasSize(1 + 8);
        encode(1);
        assertThat(pending).hasSize(1 + 9);
        IntStream.range(2, 10).forEach(this::encode);
        encode(10);
        heard.awaitEnds(10);
    }

    @Test
    void aQueryThatCannotBeEncodedFailsEveryDocument() {
        begin(this::keep, request(BRIEF, "xx", "aa"));
        pending.get(0).completeExceptionally(new IllegalStateException("broken"));
        assertThat(heard.lines())
                .containsExactly(
                        "0 failed ENGINE_FAILURE: the model failed on this document",
                        "1 failed ENGINE_FAILURE: the model failed on this document");
    }

    @Test
    void aDocumentThatTheEncoderRefusesFailsAlone() {
        begin(
                texts -> {
                    if (texts.get(0)[1] == '!') {
                        throw new IllegalStateException("full");
                    }
                    return lab.encode(texts);
                },
                request(BRIEF, "!x", "xx"));
        assertThat(heard.of(0)).last().isEqualTo("failed ENGINE_FAILURE: the model failed on this document");
        assertThat(heard.of(1)).last().isEqualTo("judged 2");
    }

    @Test
    void whatIsCancelledEndsOnceWhateverComesOfItInTheEncoder() {
        Judge.Judging judging = begin(this::keep, request(BRIEF, copies("xx", 10)));
        encode(0);
        judging.cancel();
        encode(1);
        heard.awaitEnds(10);
        IntStream.range(0, 10)
                .forEach(index -> assertThat(heard.of(index)).last().isEqualTo("withdrawn"));
        assertThat(heard.lines()).hasSize(8 + 10);
        assertThat(pending).hasSize(9);
    }

    @Test
    void aDocumentWithoutAKnownTokenIsToldLikeAnyOther() {
        EvidenceJudge judge =
                new EvidenceJudge(lab::encode, EvidenceLaboratory.deaf(), FRAME, SCALE, TextAnalysis.ENGLISH);
        RerankRequest request = request(Laboratory.explaining(), "unknown");
        judge.judge(new Judge.Task(request, List.of(0), true, Runnable::run, () -> false), heard);
        assertThat(heard.of(0))
                .containsExactly("started, 0 tokens, 0 cached", "says The document is blank.", "judged 0");
        Transcript brief = new Transcript();
        judge.judge(new Judge.Task(request, List.of(0), false, Runnable::run, () -> false), brief);
        assertThat(brief.of(0)).containsExactly("started, 0 tokens, 0 cached", "judged 0");
    }

    @Test
    void guessesTheWorkFromLengths() {
        EvidenceJudge judge = judge(lab::encode);
        // A third of the characters and one: 2 for the query, 3 and 4 for the documents, which are read twice to quote.
        assertThat(judge.estimateTokens(request(BRIEF, "xxxxxx", "x".repeat(9))))
                .isEqualTo(2 + 3 + 4);
        assertThat(judge.estimateTokens(request(Laboratory.explaining(), "xxxxxx", "x".repeat(9))))
                .isEqualTo(2 + 2 * (3 + 4));
        RerankRequest.Options limited = Laboratory.options(true, 9, 100, 3, true, false);
        assertThat(judge.estimateTokens(request(limited, "xxxxxx", "x".repeat(9))))
                .isEqualTo(2 + 2 * (3 + 3));
    }

    @Test
    void measuresWhatJudgingWould() {
        List<EvidenceFeatures> features = judge(lab::encode).measure("xxx yyyy", List.of("xxx yyyy", "zz"));
        assertThat(features).hasSize(2);
        assertThat(features.get(0).similarity()).isCloseTo(1, within(1e-6));
        assertThat(features.get(0).queryWords()).isEqualTo(2);
        assertThat(features.get(1).similarity()).isLessThan(0.9);
    }
}

package dev.whyrank.rerank;

import static dev.whyrank.rerank.EvidenceLaboratory.WINDOW;
import static dev.whyrank.rerank.EvidenceLaboratory.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of a text is read, and what counts of a long one. */
class EvidenceLengthTest {

    private final EvidenceLaboratory lab = new EvidenceLaboratory();

    @Test
    void onePassageCanCarryALongDocument() {
        String far = "a".repeat(39) + ".";
        String close = "x".repeat(39) + ".";
        Recording heard = lab.run(request(Laboratory.explaining(), far + " " + far + " " + close + " " + far, far));
        assertThat(heard.completed().ranking().get(0).index()).isZero();
        assertThat(heard.judgement(0).label()).isEqualTo(2);
        assertThat(heard.judgement(0).explanation()).contains(close);
        assertThat(lab.encoded).allSatisfy(ids -> assertThat(ids.length).isLessThanOrEqualTo(WINDOW));
    }

    @Test
    void aDocumentThatIsCloseThroughoutStandsAboveOneThatIsCloseInOnePassage() {
        String far = "a".repeat(39) + ".";
        String close = "x".repeat(39) + ".";
        Recording heard = lab.run(request(
                Laboratory.explaining(), far + " " + close, close + " " + close, close + " " + far + " " + far));
        assertThat(Laboratory.order(heard.completed())).containsExactly(1, 0, 2);
        assertThat(heard.judgement(2).modelScore())
                .isLessThan(heard.judgement(0).modelScore());
    }

    @Test
    void cutsADocumentToTheCallersBudget() {
        RerankRequest.Options options = Laboratory.options(true, Integer.MAX_VALUE, 100, 5, true, false);
        Recording heard = lab.run(request(options, "aaaaa. xxxxxxxxxx.", "aaaaa"));
        heard.completed();
        assertThat(heard.judgement(0).truncated()).isTrue();
        assertThat(heard.judgement(0).label()).isZero();
        assertThat(heard.judgement(1).truncated()).isFalse();
        RerankRequest.Options strict = Laboratory.options(true, Integer.MAX_VALUE, 100, 5, false, false);
        assertThat(lab.run(request(strict, "aaaaa. xxxxxxxxxx.")).failed().code())
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
        Recording heard = lab.run(request(brief, within, beyond, nothing));
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
        RerankEvent.Failed failed = lab.run(request).failed();
        assertThat(failed.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
        assertThat(failed.message()).startsWith("the query").hasSizeLessThan(200);
        assertThat(lab.encoded).isEmpty();
    }

    @Test
    void judgesADocumentOfWhichTheTokenizerKnowsNothingAsBlank() {
        try (LocalReranker reranker = lab.reranker(lab::encode, EvidenceLaboratory.deaf())) {
            Recording heard = new Recording();
            reranker.rerank(request(Laboratory.explaining(), "unknown", "xxx"), heard);
            assertThat(Laboratory.order(heard.await().completed())).containsExactly(1, 0);
            assertThat(heard.judgement(0).explanation()).isEqualTo("The document is blank.");
            assertThat(heard.judgement(0).source()).isEqualTo(Judgement.LabelSource.DEFAULTED);
            assertThat(lab.encoded).hasSize(2);
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
        Recording heard = lab.run(request);
        assertThat(Laboratory.order(heard.completed())).containsExactly(2, 0, 1);
        assertThat(lab.encoded.subList(0, 2)).extracting(ids -> ids.length).containsExactly(WINDOW, 33);
    }
}

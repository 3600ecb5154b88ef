package dev.whyrank.rerank;

import static dev.whyrank.rerank.EvidenceLaboratory.SCALE;
import static dev.whyrank.rerank.EvidenceLaboratory.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a document, and what its label comes from. */
class EvidenceJudgeTest {

    private final EvidenceLaboratory lab = new EvidenceLaboratory();

    @Test
    void quotesTheClosestSentenceWordForWord() {
        Recording heard =
                lab.run(request(Laboratory.explaining(), "Nothing here. Then xxxxxxxxx! And so on.", "Bare."));
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
    void labelsWithoutQuotingWhenNobodyAsks() {
        Recording heard = lab.run(request(
                Laboratory.options(false, Integer.MAX_VALUE, 100, Integer.MAX_VALUE, true, false), "One. xxx. Two."));
        heard.completed();
        assertThat(heard.judgement(0).explanation()).isEmpty();
        assertThat(lab.encoded).hasSize(2);
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
        assertThat(lab.run(request).judgement(0).explanation())
                .contains("It mentions: bitter, Grinding.")
                .contains("It does not mention: coffee, pour, finer, worse.");
    }

    @Test
    void quotesTwoSentencesInTheDocumentsOrderAndMarksThemSoThatTheirEndsCanBeTold() {
        Recording heard =
                lab.run(request(Laboratory.explaining(), "Bare. Is \"xxxxxx\" it? And so on. Then xxxxxxxxx!"));
        assertThat(heard.judgement(0).explanation())
                .contains("Closest passages: \u201cIs \"xxxxxx\" it?\u201d and \"Then xxxxxxxxx!\" (similarity");
    }

    @Test
    void bm25StandsInForScoresThatNobodySent() {
        String[] documents = {"aaaa. bbb", "aaaa. ccc", "aaaa. xxx", "aaaa. ddd", "aaaa. eee"};
        Recording heard = lab.run(request(Laboratory.explaining(), documents));
        assertThat(heard.completed().ranking().get(0).index()).isEqualTo(2);
        assertThat(heard.completed().ranking().get(0).relevanceScore()).isGreaterThan(0.99);
        assertThat(heard.completed().warnings()).singleElement().asString().contains("BM25");
        assertThat(lab.run(request(Laboratory.explaining(), "aaaa. bbb", "aaaa. xxx"))
                        .completed()
                        .warnings())
                .isEmpty();
        List<RerankRequest.Candidate> scored = new ArrayList<>();
        for (String document : documents) {
            scored.add(new RerankRequest.Candidate(document, scored.isEmpty() ? 1.0 : null));
        }
        Recording fused = lab.run(new RerankRequest("r", "xxx", scored, Laboratory.explaining()));
        assertThat(fused.completed().warnings()).isEmpty();
        assertThat(fused.judgement(2)).isEqualTo(heard.judgement(2));
    }

    @Test
    void bm25CountsNothingBeyondWhatIsRead() {
        String beyond = "b ".repeat(EvidenceText.LONGEST / 2) + "xxx";
        RerankRequest request = request(Laboratory.explaining(), beyond, "xxx", "c", "d", "e");
        assertThat(EvidenceJudge.standIn(TextAnalysis.STANDARD, request)
                        .orElseThrow()
                        .scores())
                .satisfiesExactly(
                        score -> assertThat(score).isZero(),
                        score -> assertThat(score).isPositive(),
                        score -> assertThat(score).isZero(),
                        score -> assertThat(score).isZero(),
                        score -> assertThat(score).isZero());
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

package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.evaluate.Agreement;
import dev.whyrank.evaluate.LabelledRecords;
import dev.whyrank.rerank.OrdinalScale;
import dev.whyrank.train.EvidenceStudy;
import dev.whyrank.train.Judged;
import dev.whyrank.train.LabelledQuestion;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The embedded default, through the real engine, on 50 questions with 178 labelled candidates. */
class EmbeddedModelTest {

    private static List<LabelledQuestion> questions() throws URISyntaxException {
        return LabelledRecords.read(
                Path.of(EmbeddedModelTest.class
                        .getResource("/stackexchange/dev.jsonl")
                        .toURI()),
                LabelledQuestion::new);
    }

    private static List<List<Agreement.Judged>> agreement(List<List<Judged>> questions) {
        return questions.stream()
                .map(question -> question.stream()
                        .map(one -> new Agreement.Judged(one.label(), one.score(), one.given()))
                        .toList())
                .toList();
    }

    @Test
    void findsTheBestAnswersLabelsThemAndQuotesThemWordForWord() throws Exception {
        try (EvidenceStudy study = EvidenceStudy.open("cpu", 1)) {
            List<LabelledQuestion> questions = questions();
            EvidenceStudy.Outcome outcome = study.outcome(questions, OrdinalScale.minilm());
            double cosine = Agreement.ndcg(agreement(EvidenceStudy.cosine(study.measure(questions))));
            List<List<Agreement.Judged>> judged = agreement(outcome.judged());
            assertThat(outcome.bestFirst()).isGreaterThanOrEqualTo(44);
            assertThat(Agreement.ndcg(judged)).isGreaterThanOrEqualTo(cosine).isGreaterThan(0.95);
            assertThat(Agreement.confusion(judged).accuracy()).isGreaterThanOrEqualTo(0.72);
            assertThat(Agreement.confusion(judged).macroF1()).isGreaterThanOrEqualTo(0.60);
            assertThat(outcome.quotes()).isGreaterThan(300).isEqualTo(outcome.verbatim());
        }
    }
}

package dev.whyrank;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.OrdinalScale;
import dev.whyrank.train.EvidenceStudy;
import dev.whyrank.train.LabelledQuestion;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The embedded default, through the real engine, on 50 questions with 178 labelled candidates. */
class EmbeddedModelTest {

    private static final long SEED = 1;

    private static List<LabelledQuestion> questions() throws URISyntaxException {
        return LabelledQuestion.read(Path.of(
                EmbeddedModelTest.class.getResource("/stackexchange/dev.jsonl").toURI()));
    }

    @Test
    void findsTheBestAnswersLabelsThemAndQuotesThemWordForWord() throws Exception {
        try (EvidenceStudy study = EvidenceStudy.open("cpu", 1)) {
            List<LabelledQuestion> questions = questions();
            EvidenceStudy.Outcome outcome = study.outcome(questions, OrdinalScale.minilm(), SEED);
            EvidenceStudy.Row cosine = study.cosine(study.measure(questions), SEED);
            assertThat(outcome.bestFirst()).isGreaterThanOrEqualTo(44);
            assertThat(outcome.row().ndcg().value())
                    .isGreaterThanOrEqualTo(cosine.ndcg().value())
                    .isGreaterThan(0.95);
            assertThat(requireNonNull(outcome.row().accuracy()).value()).isGreaterThanOrEqualTo(0.72);
            assertThat(requireNonNull(outcome.row().macroF1()).value()).isGreaterThanOrEqualTo(0.60);
            assertThat(outcome.quotes()).isGreaterThan(300).isEqualTo(outcome.verbatim());
        }
    }
}

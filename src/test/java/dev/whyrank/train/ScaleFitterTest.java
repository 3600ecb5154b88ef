package dev.whyrank.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.rerank.EvidenceFeatures;
import dev.whyrank.rerank.OrdinalScale;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScaleFitterTest {

    private static final long SEED = 11;

    private static final OrdinalScale TRUTH = new OrdinalScale(10, 0.5, 5, 6.5, 0.25, 0.75);

    private static final LabelWorth RIGHT = counts -> counts[0][0] + counts[1][1] + counts[2][2];

    /** Questions whose labels are drawn as a known scale says. */
    private static List<Measured> questions(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Measured> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<EvidenceFeatures> features = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            for (int document = 0; document < 4; document++) {
                EvidenceFeatures drawn = new EvidenceFeatures(random.nextDouble(0, 0.8), random.nextInt(15, 150));
                List<Double> probabilities = TRUTH.probabilities(drawn);
                double chance = random.nextDouble();
                labels.add(chance < probabilities.get(0) ? 0 : chance < 1 - probabilities.get(2) ? 1 : 2);
                features.add(drawn);
            }
            questions.add(new Measured(features, labels));
        }
        return questions;
    }

    @Test
    void findsTheScaleThatDrewTheLabels() {
        OrdinalScale fitted = ScaleFitter.fit(questions(1000), RIGHT, SEED);
        for (Measured question : questions(20)) {
            for (EvidenceFeatures features : question.features()) {
                for (int label = 0; label < 3; label++) {
                    assertThat(fitted.probabilities(features).get(label))
                            .as("seed %d", SEED)
                            .isCloseTo(TRUTH.probabilities(features).get(label), within(0.06));
                }
            }
        }
        assertThat(fitted.partlyCut()).isBetween(0.1, fitted.fullyCut());
        assertThat(fitted.fullyCut()).isLessThan(0.9);
    }

    @Test
    void sameQuestionsAndSeedGiveTheSameScale() {
        List<Measured> questions = questions(40);
        assertThat(ScaleFile.text(ScaleFitter.fit(questions, RIGHT, SEED), "twice"))
                .isEqualTo(ScaleFile.text(ScaleFitter.fit(questions, RIGHT, SEED), "twice"));
    }

    @Test
    void judgesEveryQuestionByAScaleThatHasNotSeenIt() {
        List<Measured> questions = questions(60);
        List<List<Judged>> judged = ScaleFitter.crossValidated(questions, RIGHT, SEED);
        assertThat(judged)
                .hasSameSizeAs(questions)
                .allSatisfy(documents -> assertThat(documents).hasSize(4));
        // Labels that mean nothing cannot be learnt: only a judge that has seen them would be right often.
        SplittableRandom random = new SplittableRandom(SEED);
        List<Measured> noise = questions.stream()
                .map(question -> new Measured(
                        question.features(),
                        question.labels().stream()
                                .map(label -> random.nextInt(3))
                                .toList()))
                .toList();
        List<Judged> unlearnt = ScaleFitter.crossValidated(noise, RIGHT, SEED).stream()
                .flatMap(Collection::stream)
                .toList();
        assertThat(unlearnt.stream()
                        .mapToInt(one -> one.label() == one.given() ? 1 : 0)
                        .average()
                        .orElseThrow())
                .as("seed %d", SEED)
                .isBetween(0.2, 0.45);
    }

    @Test
    void settlesCutsNoFurtherAwayThanTheyAreUncertain() {
        List<List<Judged>> questions = List.of(List.of(new Judged(0, 0.415, 0), new Judged(1, 0.425, 0)));
        LabelCuts settled = new LabelCuts(0.4, 0.6).settle(questions, RIGHT);
        assertThat(settled.partly()).isCloseTo(0.42, within(1e-9));
        assertThat(settled.fully()).isCloseTo(0.6, within(1e-9));
        assertThat(new LabelCuts(0.3, 0.6).settle(questions, RIGHT)).isEqualTo(new LabelCuts(0.3, 0.6));
    }

    @Test
    void theFileHoldsTheScale() throws IOException {
        Properties values = new Properties();
        values.load(new StringReader(ScaleFile.text(TRUTH, "by hand")));
        assertThat(values.getProperty("similarity")).isEqualTo("10.00000");
        assertThat(values.getProperty("query-length")).isEqualTo("0.50000");
        assertThat(values.getProperty("fully-cut")).isEqualTo("0.75000");
    }
}

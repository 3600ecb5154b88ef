package dev.whyrank.train;

import dev.whyrank.rerank.EvidenceFeatures;
import dev.whyrank.rerank.OrdinalScale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Fits a scale with its cuts, and says how well one fitted so does on questions it has not seen. */
final class ScaleFitter {

    private static final int FOLDS = 5;

    private ScaleFitter() {}

    /** Cuts are found on scores of questions that were left out: a model is too sure of those it has seen. */
    static OrdinalScale fit(List<Measured> questions, LabelWorth worth, long seed) {
        LabelCuts cuts = LabelCuts.find(leftOut(questions, seed, (kept, s) -> regress(kept)), worth, seed);
        return cut(regress(questions), cuts);
    }

    /** The same scale with its cuts settled on questions that it was not fitted on. */
    static OrdinalScale settled(OrdinalScale scale, List<Measured> tuning, LabelWorth worth) {
        LabelCuts cuts = new LabelCuts(scale.partlyCut(), scale.fullyCut());
        return cut(
                scale,
                cuts.settle(
                        tuning.stream().map(question -> judge(question, scale)).toList(), worth));
    }

    private static OrdinalScale cut(OrdinalScale scale, LabelCuts cuts) {
        return new OrdinalScale(
                scale.similarity(), scale.queryLength(), scale.partly(), scale.fully(), cuts.partly(), cuts.fully());
    }

    /** Every question judged by a scale, cuts included, that was fitted without its fold. */
    static List<List<Judged>> crossValidated(List<Measured> questions, LabelWorth worth, long seed) {
        return leftOut(questions, seed, (kept, s) -> fit(kept, worth, s));
    }

    private interface Fit {
        OrdinalScale of(List<Measured> questions, long seed);
    }

    private static OrdinalScale regress(List<Measured> questions) {
        List<EvidenceFeatures> features = questions.stream()
                .map(Measured::features)
                .flatMap(Collection::stream)
                .toList();
        int[] labels = questions.stream()
                .map(Measured::labels)
                .flatMap(Collection::stream)
                .mapToInt(label -> label)
                .toArray();
        return OrdinalRegression.fit(features, labels);
    }

    private static List<List<Judged>> leftOut(List<Measured> questions, long seed, Fit fit) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] folds =
                questions.stream().mapToInt(question -> random.nextInt(FOLDS)).toArray();
        List<List<Judged>> judged = new ArrayList<>(
                questions.stream().map(question -> List.<Judged>of()).toList());
        for (int fold : Arrays.stream(folds).distinct().sorted().toArray()) {
            OrdinalScale scale = fit.of(
                    IntStream.range(0, folds.length)
                            .filter(i -> folds[i] != fold)
                            .mapToObj(questions::get)
                            .toList(),
                    seed + 1 + fold);
            IntStream.range(0, folds.length)
                    .filter(i -> folds[i] == fold)
                    .forEach(i -> judged.set(i, judge(questions.get(i), scale)));
        }
        return judged;
    }

    static List<Judged> judge(Measured question, OrdinalScale scale) {
        return IntStream.range(0, question.labels().size())
                .mapToObj(i -> {
                    List<Double> probabilities =
                            scale.probabilities(question.features().get(i));
                    double score = probabilities.get(1) / 2 + probabilities.get(2);
                    return new Judged(question.labels().get(i), score, scale.label(probabilities));
                })
                .toList();
    }
}

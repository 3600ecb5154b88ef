package dev.whyrank.train.laboratory;

import dev.whyrank.train.laboratory.ExamResult.Gain;
import dev.whyrank.train.laboratory.ExamResult.Mark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What several runs of the laboratory, each of its own seed, say of the paper's claims. Pure once it is read. */
public final class Claims {

    /** A claim and what became of it. */
    record Claim(String text, String asked, String measured, boolean holds) {}

    private final int runs;
    private final Map<Arm, Map<ExamPaper, ExamResult>> results = new EnumMap<>(Arm.class);
    private final Map<Arm, Duration> processor = new EnumMap<>(Arm.class);

    /**
     * Reads finished runs.
     *
     * @throws dev.whyrank.model.InvalidInputException if an exam is missing
     */
    public Claims(List<Path> laboratories) {
        runs = laboratories.size();
        for (Arm arm : Arm.values()) {
            Map<ExamPaper, ExamResult> ofArm = new EnumMap<>(ExamPaper.class);
            for (ExamPaper paper : ExamPaper.values()) {
                List<Mark> marks = new ArrayList<>();
                List<Gain> gains = new ArrayList<>();
                for (Path laboratory : laboratories) {
                    ExamResult result = ExamResult.read(laboratory, arm, paper);
                    marks.addAll(result.marks());
                    gains.addAll(result.gains());
                }
                ofArm.put(paper, new ExamResult(marks, gains));
            }
            results.put(arm, ofArm);
            Duration sum = laboratories.stream()
                    .map(laboratory -> ProcessorLog.of(laboratory, arm))
                    .reduce(Duration.ZERO, Duration::plus);
            processor.put(arm, sum.dividedBy(runs));
        }
    }

    int runs() {
        return runs;
    }

    /** Documents of an exam, all runs together. */
    int pairs() {
        return result(Arm.EXPLAIN, ExamPaper.TEST).marks().size();
    }

    /** Processor time of a model's own training, the mean over runs. */
    Duration processor(Arm arm) {
        return processor.getOrDefault(arm, Duration.ZERO);
    }

    Interval labels(Arm arm, ExamPaper paper) {
        return Interval.of(marks(arm, paper, mark -> mark.label() ? 1 : 0));
    }

    Interval derivations(Arm arm, ExamPaper paper) {
        return Interval.of(marks(arm, paper, mark -> mark.derivation() ? 1 : 0));
    }

    /** How much better the expected label orders than the label, in nDCG@10, questions paired. */
    Interval expectedGain(Arm arm, ExamPaper paper) {
        return Interval.of(result(arm, paper).gains().stream()
                .mapToDouble(gain -> gain.expected() - gain.hard())
                .toArray());
    }

    /** How many more labels one model has right than another, documents paired. */
    Interval difference(Arm better, Arm worse) {
        double[] first = marks(better, ExamPaper.TEST, mark -> mark.label() ? 1 : 0);
        double[] second = marks(worse, ExamPaper.TEST, mark -> mark.label() ? 1 : 0);
        double[] differences = new double[first.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = first[i] - second[i];
        }
        return Interval.of(differences);
    }

    /** The claims, in the order of the paper. */
    List<Claim> claims() {
        Interval explains = labels(Arm.EXPLAIN, ExamPaper.TEST);
        Interval overLabel = difference(Arm.EXPLAIN, Arm.LABEL);
        Interval overWarm = difference(Arm.EXPLAIN, Arm.WARM);
        Interval refined = labels(Arm.REFINED, ExamPaper.TEST);
        Interval overControl = difference(Arm.REFINED, Arm.CONTROL);
        boolean longer = processor(Arm.LABEL).compareTo(processor(Arm.EXPLAIN)) >= 0;
        List<Claim> claims = new ArrayList<>();
        claims.add(atLeast("who explains labels right", 0.92, explains, explains.toString()));
        claims.add(new Claim(
                "and better than who labels only, given at least as long",
                ">= +0.20",
                overLabel.signed() + (longer ? "" : ", but in less time"),
                overLabel.mean() >= 0.20 && longer));
        claims.add(new Claim("distilled beats not distilled", "> 0", overWarm.signed(), overWarm.low() > 0));
        Interval gain = expectedGain(Arm.EXPLAIN, ExamPaper.TEST);
        claims.add(new Claim(
                "its expected label orders better than its label, ties as given, nDCG@10",
                "> 0",
                gain.signed(),
                gain.low() > 0));
        claims.add(atLeast("who was refined labels right", 0.90, refined, refined.toString()));
        claims.add(atLeast("and better than distilled on for as long", 0.08, overControl, overControl.signed()));
        return claims;
    }

    private static Claim atLeast(String text, double asked, Interval found, String measured) {
        return new Claim(text, String.format(java.util.Locale.ROOT, ">= %.2f", asked), measured, found.mean() >= asked);
    }

    private double[] marks(Arm arm, ExamPaper paper, ToDoubleFunction<Mark> value) {
        return result(arm, paper).marks().stream().mapToDouble(value).toArray();
    }

    private ExamResult result(Arm arm, ExamPaper paper) {
        ExamResult result = results.getOrDefault(arm, Map.of()).get(paper);
        if (result == null) {
            throw new IllegalStateException("no result of " + arm + " in " + paper);
        }
        return result;
    }
}

package dev.whyrank.rerank;

import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.Judgement.Usage;
import org.jspecify.annotations.Nullable;

/** Judgements made of nothing, or of other judgements. */
final class Judgements {

    private static final String BLANK = "The document is blank.";

    private Judgements() {}

    /** What a whole answer says. */
    static Judgement read(
            JudgementParser.Verdict verdict, LabelSet labels, Ending ending, boolean truncated, Usage usage) {
        return new Judgement(
                verdict.explanation(),
                labels.values().get(verdict.index()),
                labels.values(),
                verdict.probabilities(),
                Scoring.modelScore(labels, verdict.probabilities()),
                verdict.source(),
                ending,
                truncated,
                usage);
    }

    /** A document without anything to read is irrelevant; no model is asked. */
    static Judgement blank(boolean explain, LabelSet labels, boolean truncated) {
        return new Judgement(
                explain ? BLANK : "",
                labels.values().get(0),
                labels.values(),
                Scoring.certain(labels, 0),
                Scoring.modelScore(labels, Scoring.certain(labels, 0)),
                LabelSource.DEFAULTED,
                Ending.STOP,
                truncated,
                new Usage(0, 0, 0));
    }

    /** A label whose explanation broke off. */
    static Judgement broken(Judgement label, String explanation, Ending ending) {
        return new Judgement(
                explanation,
                label.label(),
                label.labels(),
                label.labelProbabilities(),
                label.modelScore(),
                label.source(),
                ending,
                label.truncated(),
                label.usage());
    }

    /** The same with the tokens of an earlier look at the document added. */
    static Judgement plus(Judgement of, @Nullable Judgement earlier) {
        if (earlier == null) {
            return of;
        }
        return new Judgement(
                of.explanation(),
                of.label(),
                of.labels(),
                of.labelProbabilities(),
                of.modelScore(),
                of.source(),
                of.ending(),
                of.truncated() || earlier.truncated(),
                of.usage().plus(earlier.usage()));
    }
}

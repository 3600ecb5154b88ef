package dev.whyrank.evaluate;

import dev.whyrank.evaluate.CollectionResult.ModeResult;
import dev.whyrank.evaluate.CollectionResult.SystemResult;
import dev.whyrank.evaluate.ExplanationQuality.Explained;
import dev.whyrank.evaluate.LabelQuality.Pair;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns outcomes into measures; pure.
 *
 * @param collection the queries that were run
 * @param firstStage each query's first-stage ranking
 * @param kind what explanations are made of
 * @param seed of the tests
 */
record Analysis(TestCollection collection, Map<String, List<Run.Scored>> firstStage, ExplanationKind kind, long seed) {

    Scores firstStageScores() {
        return scores("first stage", firstStage);
    }

    /** A mode in all its scorings. */
    List<SystemResult> systems(Mode mode, Map<String, QueryOutcome> outcomes) {
        double[] baseline = firstStageScores().values(Measure.MAIN);
        return Stream.of(Scoring.values())
                .map(scoring -> {
                    Scores scores = scores(mode.title() + ", " + scoring.title(), rankings(scoring, outcomes));
                    Significance difference = Significance.of(baseline, scores.values(Measure.MAIN), seed);
                    return new SystemResult(mode, scoring, scores, difference);
                })
                .toList();
    }

    /** Rankings in the order of the collection's queries. */
    Map<String, List<Run.Scored>> rankings(Scoring scoring, Map<String, QueryOutcome> outcomes) {
        Map<String, List<Run.Scored>> rankings = new LinkedHashMap<>();
        inOrder(outcomes).forEach(outcome -> rankings.put(outcome.queryId(), scoring.rank(outcome)));
        return rankings;
    }

    ModeResult mode(Mode mode, Map<String, QueryOutcome> byQuery) {
        List<QueryOutcome> outcomes = inOrder(byQuery);
        LabelQuality labels = collection.qrels().graded() ? LabelQuality.of(pairs(outcomes)) : null;
        boolean reasoned = mode == Mode.EXPLAIN && kind == ExplanationKind.REASONING;
        ExplanationQuality explanations = reasoned ? ExplanationQuality.of(explained(outcomes)) : null;
        return new ModeResult(mode, AnswerStats.of(outcomes), labels, explanations);
    }

    private List<QueryOutcome> inOrder(Map<String, QueryOutcome> outcomes) {
        List<QueryOutcome> ordered = new ArrayList<>();
        for (String id : collection.queries().keySet()) {
            QueryOutcome outcome = outcomes.get(id);
            if (outcome != null) {
                ordered.add(outcome);
            }
        }
        return ordered;
    }

    private Scores scores(String system, Map<String, List<Run.Scored>> results) {
        Map<String, List<String>> rankings = new LinkedHashMap<>();
        results.forEach((id, ranked) ->
                rankings.put(id, ranked.stream().map(Run.Scored::documentId).toList()));
        return Scores.of(system, Measure.reported(), rankings, collection.qrels());
    }

    /** A grade that the model has no label for, as on another scale, cannot be compared with one. */
    private List<Pair> pairs(List<QueryOutcome> outcomes) {
        List<Pair> pairs = new ArrayList<>();
        for (QueryOutcome outcome : outcomes) {
            Map<String, Integer> grades = collection.qrels().of(outcome.queryId());
            outcome.documents().forEach(document -> {
                @Nullable Integer grade = grades.get(document.id());
                @Nullable Judgement judgement = document.judgement();
                if (grade != null && judgement != null && judgement.labels().contains(Math.max(0, grade))) {
                    pairs.add(new Pair(Math.max(0, grade), judgement));
                }
            });
        }
        return pairs;
    }

    private List<Explained> explained(List<QueryOutcome> outcomes) {
        List<Explained> all = new ArrayList<>();
        for (QueryOutcome outcome : outcomes) {
            Query query = collection.queries().get(outcome.queryId());
            outcome.documents().forEach(document -> {
                @Nullable Judgement judgement = document.judgement();
                if (query != null && judgement != null) {
                    all.add(new Explained(
                            query.id(),
                            query.text(),
                            collection.document(document.id()).judged(),
                            judgement.explanation(),
                            judgement.label()));
                }
            });
        }
        return all;
    }
}

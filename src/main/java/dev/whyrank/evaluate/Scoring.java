package dev.whyrank.evaluate;

import dev.whyrank.evaluate.QueryOutcome.DocumentOutcome;
import dev.whyrank.rerank.Judgement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Ways to order judged documents. Equal ones, and those that were not judged, stay in the first stage's order. */
enum Scoring {
    HARD("hard label"),
    EXPECTED("expected label"),
    /** The order of the reranker itself, which has mixed in the first stage's scores. */
    FUSED("fused");

    private final String title;

    Scoring(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /**
     * The documents, best first. Only a fused order has scores of its own; in others the place is the score. A query
     * that failed keeps the first stage's order.
     */
    List<Run.Scored> rank(QueryOutcome outcome) {
        List<DocumentOutcome> documents = outcome.documents();
        if (this == FUSED && outcome.failure() == null) {
            return outcome.ranking().stream()
                    .map(place -> new Run.Scored(documents.get(place.document()).id(), place.score()))
                    .toList();
        }
        List<DocumentOutcome> ranked = outcome.failure() != null
                ? documents
                : documents.stream()
                        .sorted(Comparator.comparingDouble(document -> -value(document)))
                        .toList();
        return IntStream.range(0, ranked.size())
                .mapToObj(i -> new Run.Scored(ranked.get(i).id(), 1.0 / (i + 1)))
                .toList();
    }

    private double value(DocumentOutcome document) {
        Judgement judgement = document.judgement();
        if (judgement == null) {
            return -1;
        }
        return this == HARD ? judgement.label() : judgement.modelScore();
    }
}

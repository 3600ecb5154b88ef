package dev.whyrank.train;

import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.Reranker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a reranker made of one labelled question.
 *
 * @param judged its documents
 * @param bestFirst whether the first place has the question's best label
 * @param quotes sentences quoted
 * @param verbatim those of them that are in their document word for word
 */
record Answers(List<Judged> judged, boolean bestFirst, int quotes, int verbatim) {

    static Answers ask(Reranker reranker, LabelledQuestion question) {
        List<Candidate> candidates = question.documents().stream()
                .map(document -> new Candidate(document, null))
                .toList();
        List<RerankEvent.ExplanationDelta> deltas = new ArrayList<>();
        CompletableFuture<RerankEvent.Completed> end = new CompletableFuture<>();
        RerankRequest request = new RerankRequest("study", question.text(), candidates, RerankRequest.Options.DEFAULT);
        reranker.rerank(request, event -> {
            if (event instanceof RerankEvent.ExplanationDelta delta) {
                deltas.add(delta);
            } else if (event instanceof RerankEvent.Completed completed) {
                end.complete(completed);
            } else if (event instanceof RerankEvent.Failed failed) {
                end.completeExceptionally(new IllegalStateException(failed.message()));
            }
        });
        return of(question, end.join().ranking(), deltas);
    }

    private static Answers of(
            LabelledQuestion question, List<RerankEvent.Ranked> ranking, List<RerankEvent.ExplanationDelta> deltas) {
        List<Judged> judged = new ArrayList<>();
        for (RerankEvent.Ranked place : ranking) {
            Judgement judgement = place.judgement();
            if (judgement == null) {
                throw new IllegalStateException("documents[" + place.index() + "] failed: " + place.failure());
            }
            judged.add(new Judged(question.labels().get(place.index()), place.relevanceScore(), judgement.label()));
        }
        List<RerankEvent.ExplanationDelta> quotes =
                deltas.stream().filter(delta -> isQuote(delta.delta())).toList();
        long verbatim = quotes.stream()
                .filter(quote -> question.documents()
                        .get(quote.index())
                        .contains(quote.delta().substring(1, quote.delta().length() - 1)))
                .count();
        boolean bestFirst = judged.get(0).label() == Collections.max(question.labels());
        return new Answers(judged, bestFirst, quotes.size(), (int) verbatim);
    }

    /** Quotes are told one by one, each in its marks. */
    private static boolean isQuote(String piece) {
        return piece.length() > 2 && (piece.charAt(0) == '"' || piece.charAt(0) == '\u201c');
    }
}

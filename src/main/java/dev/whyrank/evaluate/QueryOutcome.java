package dev.whyrank.evaluate;

import dev.whyrank.rerank.Judgement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the reranker made of one query; a line of the journal.
 *
 * @param documents the candidates in the first stage's order
 * @param ranking the reranker's order, best first; empty if it failed
 * @param seconds from handing the request over to its last event
 * @param failure why there is no ranking, or null; the first stage's order then stands
 */
record QueryOutcome(
        String queryId,
        Mode mode,
        List<DocumentOutcome> documents,
        List<Place> ranking,
        double seconds,
        @Nullable String failure) {

    /** A place in the order: which of the documents, and the score it got. */
    record Place(int document, double score) {}

    /**
     * What became of one candidate.
     *
     * @param firstStageScore null if the first stage gave none
     * @param judgement null if it was not judged
     * @param failure why it was not judged, or null
     */
    record DocumentOutcome(
            String id,
            @Nullable Double firstStageScore,
            @Nullable Judgement judgement,
            @Nullable String failure) {}
}

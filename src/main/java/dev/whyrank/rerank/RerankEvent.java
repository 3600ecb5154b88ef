package dev.whyrank.rerank;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to an accepted request, in the order that {@link Reranker#rerank} states. */
public sealed interface RerankEvent {

    /** The request was accepted; {@code queuePosition} documents of other requests wait before it. */
    record Started(int queuePosition) implements RerankEvent {}

    /** A document is being judged. */
    record DocumentStarted(int index, int promptTokens, int cachedTokens, boolean truncated) implements RerankEvent {}

    /** More of a document's explanation: whole characters, never a part of the label marker. */
    record ExplanationDelta(int index, String delta) implements RerankEvent {}

    /** The document is judged anew by another worker, for the {@code attempt}th time: its deltas so far count no more. */
    record DocumentRestarted(int index, int attempt) implements RerankEvent {}

    /**
     * A document was judged.
     *
     * @param rank its provisional place among the documents judged so far, from 1
     */
    record DocumentCompleted(int index, Judgement judgement, double relevanceScore, int rank) implements RerankEvent {}

    /** A document could not be judged; the others go on. */
    record DocumentFailed(int index, ErrorCode code, String message) implements RerankEvent {}

    /** Every document has had its terminal event. */
    record Completed(List<Ranked> ranking, Timings timings, List<String> warnings) implements RerankEvent {}

    /** The request ended without a ranking; every document has had its terminal event. */
    record Failed(ErrorCode code, String message) implements RerankEvent {}

    /**
     * One place of the ranking. Judged documents come first, by strictly falling relevance score; failed ones last.
     *
     * @param index the document
     * @param judgement null if it failed
     * @param relevanceScore fused with first-stage scores and free of ties; 0 if it failed
     * @param failure null if it was judged
     */
    record Ranked(
            int index,
            @Nullable Judgement judgement,
            double relevanceScore,
            @Nullable DocumentFailed failure) {}

    /** How long the request waited for its first slot, for its first token, and took in all. */
    record Timings(Duration queue, Duration firstToken, Duration total) {}
}

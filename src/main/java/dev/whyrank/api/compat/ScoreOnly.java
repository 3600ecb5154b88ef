package dev.whyrank.api.compat;

import dev.whyrank.api.Reranking;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.RerankRequest.Options;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Ranks without explanations, for shapes that have no place for one. */
@Component
final class ScoreOnly {

    private final Reranking reranking;

    ScoreOnly(Reranking reranking) {
        this.reranking = reranking;
    }

    Mono<RerankEvent.Completed> run(String id, String query, List<Candidate> candidates, Options options) {
        return reranking.run(new RerankRequest(id, query, candidates, options));
    }

    /**
     * Options of a request that wants numbers only.
     *
     * @param maxDocumentTokens null for what fits
     */
    static Options options(@Nullable Integer maxDocumentTokens) {
        Options defaults = Options.DEFAULT;
        int longest = maxDocumentTokens == null ? defaults.maxDocumentTokens() : maxDocumentTokens;
        return options(longest, true, defaults.alpha());
    }

    /**
     * The same where scores are the model's own, so that no document changes another's.
     *
     * @param truncate false to refuse documents that do not fit
     */
    static Options ownScores(boolean truncate) {
        return options(Options.DEFAULT.maxDocumentTokens(), truncate, 1);
    }

    private static Options options(int maxDocumentTokens, boolean truncate, double alpha) {
        Options defaults = Options.DEFAULT;
        return new Options(
                false,
                defaults.explainTopN(),
                defaults.maxExplanationTokens(),
                maxDocumentTokens,
                truncate,
                alpha,
                null,
                null);
    }

    /**
     * Fails if any document failed: for shapes that cannot say so of a single document.
     *
     * @param field where documents stand in the request
     * @param place of a document in that field
     * @throws RerankException with the first failure's code
     */
    static RerankEvent.Completed requireAll(RerankEvent.Completed completed, String field, IntUnaryOperator place) {
        for (RerankEvent.Ranked ranked : completed.ranking()) {
            RerankEvent.DocumentFailed failure = ranked.failure();
            if (failure != null) {
                throw new RerankException(
                        failure.code(),
                        "%s[%d]: %s".formatted(field, place.applyAsInt(failure.index()), failure.message()));
            }
        }
        return completed;
    }
}

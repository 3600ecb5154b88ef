package dev.whyrank.evaluate;

import dev.whyrank.evaluate.QueryOutcome.DocumentOutcome;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.LabelSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What answering cost and how it went.
 *
 * @param failedQueries queries without a ranking
 * @param failedDocuments documents that were not judged although the query was
 * @param firstFailure why the first of all these failed; null if none did
 * @param truncated documents that were cut to fit
 * @param sources how labels were found
 * @param promptTokens mean tokens computed for a document
 * @param cachedTokens mean tokens copied from a shared prefix
 * @param completionTokens mean tokens written for a document
 * @param p50 median seconds of a query
 * @param p95 the seconds that 95% of the queries stayed within
 */
record AnswerStats(
        int queries,
        int failedQueries,
        int documents,
        int failedDocuments,
        @Nullable String firstFailure,
        int truncated,
        Map<LabelSource, Integer> sources,
        double promptTokens,
        double cachedTokens,
        double completionTokens,
        double p50,
        double p95) {

    static AnswerStats of(List<QueryOutcome> outcomes) {
        List<QueryOutcome> answered =
                outcomes.stream().filter(outcome -> outcome.failure() == null).toList();
        List<Judgement> judgements = outcomes.stream()
                .flatMap(outcome -> outcome.documents().stream())
                .map(DocumentOutcome::judgement)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        Map<LabelSource, Integer> sources = new EnumMap<>(LabelSource.class);
        judgements.forEach(judgement -> sources.merge(judgement.source(), 1, Integer::sum));
        int documents = answered.stream()
                .mapToInt(outcome -> outcome.documents().size())
                .sum();
        int failed = (int) answered.stream()
                .flatMap(outcome -> outcome.documents().stream())
                .filter(document -> document.judgement() == null)
                .count();
        double[] seconds =
                answered.stream().mapToDouble(QueryOutcome::seconds).sorted().toArray();
        return new AnswerStats(
                outcomes.size(),
                outcomes.size() - answered.size(),
                documents,
                failed,
                firstFailure(outcomes),
                (int) judgements.stream().filter(Judgement::truncated).count(),
                sources,
                mean(
                        judgements,
                        judgement -> judgement.usage().promptTokens()
                                - judgement.usage().cachedTokens()),
                mean(judgements, judgement -> judgement.usage().cachedTokens()),
                mean(judgements, judgement -> judgement.usage().completionTokens()),
                percentile(seconds, 0.50),
                percentile(seconds, 0.95));
    }

    /** On one line and without control characters: it may come from a service elsewhere. */
    private static @Nullable String firstFailure(List<QueryOutcome> outcomes) {
        String first = outcomes.stream()
                .flatMap(outcome -> Stream.concat(
                        Stream.ofNullable(outcome.failure()),
                        outcome.documents().stream().map(DocumentOutcome::failure)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return first == null ? null : first.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ");
    }

    /** Whether the first stage's order is all there is. */
    boolean judgedNothing() {
        return queries > 0 && documents == failedDocuments;
    }

    private static double mean(List<Judgement> judgements, ToIntFunction<Judgement> value) {
        return judgements.stream().mapToInt(value).average().orElse(0);
    }

    /** The smallest value that at least this share of the values does not exceed. */
    private static double percentile(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}

package dev.whyrank.api;

import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums over a request's documents, shared by every answer shape. */
public record Tally(long promptTokens, long cachedTokens, long completionTokens, long cacheHits, int searchUnits) {

    private static final int DOCUMENTS_PER_SEARCH_UNIT = 100;

    /** Counts every judged document, also those that {@code top_n} leaves out. */
    public static Tally of(RerankEvent.Completed completed) {
        long prompt = 0;
        long cached = 0;
        long completion = 0;
        long hits = 0;
        List<RerankEvent.Ranked> ranking = completed.ranking();
        for (RerankEvent.Ranked ranked : ranking) {
            Judgement.@Nullable Usage usage = usage(ranked);
            prompt += usage == null ? 0 : usage.promptTokens();
            cached += usage == null ? 0 : usage.cachedTokens();
            completion += usage == null ? 0 : usage.completionTokens();
            hits += usage == null ? 0 : usage.cacheHits();
        }
        int units = Math.max(1, (ranking.size() + DOCUMENTS_PER_SEARCH_UNIT - 1) / DOCUMENTS_PER_SEARCH_UNIT);
        return new Tally(prompt, cached, completion, hits, units);
    }

    /** Tokens read and written. */
    public long totalTokens() {
        return promptTokens + completionTokens;
    }

    private static Judgement.@Nullable Usage usage(RerankEvent.Ranked ranked) {
        Judgement judgement = ranked.judgement();
        return judgement == null ? null : judgement.usage();
    }
}

package dev.whyrank.rerank.cache;

import dev.whyrank.rerank.Judgement;
import java.util.List;

/**
 * What is kept of one judged document.
 *
 * @param judgement as it was made
 * @param warnings what its judge had to say about how the request was read
 */
public record CachedResult(Judgement judgement, List<String> warnings) {

    public CachedResult {
        warnings = List.copyOf(warnings);
    }
}

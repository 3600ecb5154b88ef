package dev.whyrank.rerank.cache;

import java.util.Collection;
import java.util.Map;

/** Remembers judgements for a while. Safe for use by many threads; never throws, and forgets instead. */
public interface ResultStore {

    /**
     * Looks up many at once; called on a request's worker, so it has to answer within a fraction of a second.
     *
     * @param keys digests made by {@link ResultKeys}
     * @return what is there, by key
     */
    Map<String, CachedResult> find(Collection<String> keys);

    /** Keeps a judgement, or not; returns at once. */
    void keep(String key, CachedResult result);
}

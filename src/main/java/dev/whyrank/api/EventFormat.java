package dev.whyrank.api;

import dev.whyrank.rerank.RerankEvent;

/**
 * Spells one stream's events. Keeps counters, so each stream has its own; events come one at a time, as the reranker
 * promises.
 */
interface EventFormat {

    /** The bytes to send for an event, empty if this format has nothing to say about it. */
    byte[] frames(RerankEvent event);
}

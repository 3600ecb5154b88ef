package dev.whyrank.api;

import dev.whyrank.rerank.RerankRequest;
import java.util.List;

/**
 * A request for the reranker together with what only its answer needs.
 *
 * @param documents as sent, in the order of the request's candidates
 * @param topN results to return, at most the number of documents
 * @param returnDocuments whether results repeat their document
 * @param warnings to be put before the reranker's own
 */
record RerankCall(
        RerankRequest request,
        List<DocumentBody> documents,
        int topN,
        boolean returnDocuments,
        List<String> warnings) {}

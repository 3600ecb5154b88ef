/**
 * The HTTP contract: JSON and server-sent events in, {@link dev.whyrank.rerank.Reranker} underneath, problem details
 * when something is refused. {@code compat} speaks other services' shapes over the same pieces.
 *
 * <p>Request bodies are decoded, validated and admitted on Netty's event loop, which is cheap and bounded by the limits
 * of {@link dev.whyrank.api.WhyrankApiProperties}. Events arrive on the reranker's threads, are serialised there once,
 * and are left in a stream's own bounded buffer; the event loop takes them from it in the client's tempo. So a slow
 * client costs memory up to a limit and then its connection, and never a thread. Headers of a stream are written only
 * after the reranker has accepted the request, which keeps refusals real status codes.
 *
 * <p>Field names are spelled out on every record, because the names are the contract and not a consequence of Java's.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.api;

/**
 * One rerank request's life, from admission to the ranking. Knows no HTTP and no tensors.
 *
 * <p>A {@link dev.whyrank.rerank.Reranker} is shared by all threads. A request's events reach its listener one at a
 * time, in order, on whatever thread produced them; the listener must return at once and never block, because that
 * thread may be the engine's. Permits of {@code Admission} are released where the last document's
 * terminal event is made, and nowhere else.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.rerank;

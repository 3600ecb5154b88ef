package dev.whyrank.rerank;

/**
 * A question to write search queries for.
 *
 * @param id names the request in logs
 * @param question not {@linkplain Characters#blank blank}
 * @param maxQueries at most so many are wanted, in [1, {@link QueryWriter#MOST}]
 */
public record QueryRequest(String id, String question, int maxQueries) {}

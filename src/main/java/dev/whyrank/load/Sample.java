package dev.whyrank.load;

/**
 * A request that is ready to be sent.
 *
 * @param body JSON of {@code POST /v1/rerank}, with {@code stream} true
 * @param documents in it
 */
public record Sample(String body, int documents, Manner manner) {}

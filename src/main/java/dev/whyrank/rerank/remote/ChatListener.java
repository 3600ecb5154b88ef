package dev.whyrank.rerank.remote;

/** Hears one answer: chunks, then exactly one of the other two, unless the call is cancelled. Must return at once. */
public interface ChatListener {

    void chunk(ChatChunk chunk);

    void ended();

    void failed(ChatFailure failure);
}

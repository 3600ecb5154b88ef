package dev.whyrank.rerank.remote;

/**
 * A whole answer.
 *
 * @param finish why it ended, such as {@code stop} or {@code length}
 */
public record ChatAnswer(String text, String finish, ChatUsage usage) {}

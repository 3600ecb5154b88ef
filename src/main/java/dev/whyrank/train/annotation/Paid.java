package dev.whyrank.train.annotation;

import dev.whyrank.rerank.remote.ChatUsage;

/**
 * An answer that was paid for, or a refusal to give one.
 *
 * @param key of its question
 * @param text as it came; empty for a refusal
 * @param finish why it ended
 * @param refusal why there is no answer and will be none; empty if there is one
 */
record Paid(String key, String text, String finish, String refusal, ChatUsage usage) {}

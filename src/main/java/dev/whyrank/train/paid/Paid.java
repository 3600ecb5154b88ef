package dev.whyrank.train.paid;

import dev.whyrank.rerank.remote.ChatUsage;
import java.util.regex.Pattern;

/**
 * An answer that was paid for, or a refusal to give one.
 *
 * @param key of its question
 * @param text as it came; empty for a refusal
 * @param finish why it ended
 * @param refusal why there is no answer and will be none; empty if there is one
 */
public record Paid(String key, String text, String finish, String refusal, ChatUsage usage) {

    /** How models decline that do not say so by other means. */
    private static final Pattern DECLINES = Pattern.compile(
            "(?i)\\s*(i'?m sorry|i am sorry|sorry|i can(?:no|')t|i can ?not|i'?m unable|i am unable|as an ai)\\b.*",
            Pattern.DOTALL);

    /** Why an answer in which nothing was found that can be used is of no use, in a word. */
    public String whyUnusable() {
        if (!refusal.isEmpty()) {
            return refusal;
        }
        if (finish.equals("length")) {
            return "cut";
        }
        return DECLINES.matcher(text).matches() ? "refused" : "unparsable";
    }
}

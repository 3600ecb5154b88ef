package dev.whyrank.rerank.remote;

/** Tokens that an endpoint counted: read, of these taken from its cache, and written. */
public record ChatUsage(int prompt, int cached, int completion) {

    public static final ChatUsage NONE = new ChatUsage(0, 0, 0);

    public ChatUsage plus(ChatUsage other) {
        return new ChatUsage(prompt + other.prompt, cached + other.cached, completion + other.completion);
    }
}

package dev.whyrank.rerank.remote;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of an answer.
 *
 * @param text the next words, possibly none
 * @param tokens what the endpoint tells about tokens, possibly nothing, possibly before their text
 * @param refusal whether the model declines to answer
 * @param finish why the answer ended, or null if it goes on
 * @param usage what it cost, once the endpoint tells
 */
public record ChatChunk(
        String text,
        List<Token> tokens,
        boolean refusal,
        @Nullable String finish,
        @Nullable ChatUsage usage) {

    public ChatChunk {
        tokens = List.copyOf(tokens);
    }

    /**
     * A token of the answer.
     *
     * @param bytes UTF-8, possibly a part of a character
     * @param alternatives log probabilities of what could have been written here, by spelling
     */
    public record Token(byte[] bytes, Map<String, Double> alternatives) {}
}

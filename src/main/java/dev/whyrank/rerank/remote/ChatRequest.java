package dev.whyrank.rerank.remote;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model elsewhere is asked, at temperature 0.
 *
 * @param messages the conversation so far, the user's turn last
 * @param stops strings that end the answer
 * @param maxTokens of the answer
 * @param alternatives how many other choices to report for each token, 0 for none
 * @param limit how long the answer may take, if less than usual
 */
public record ChatRequest(
        List<Message> messages,
        List<String> stops,
        int maxTokens,
        int alternatives,
        @Nullable Duration limit) {

    public ChatRequest {
        messages = List.copyOf(messages);
        stops = List.copyOf(stops);
    }

    /** A turn of {@code system}, {@code user} or {@code assistant}. */
    public record Message(String role, String content) {

        public static Message system(String content) {
            return new Message("system", content);
        }

        public static Message user(String content) {
            return new Message("user", content);
        }

        public static Message assistant(String content) {
            return new Message("assistant", content);
        }
    }
}

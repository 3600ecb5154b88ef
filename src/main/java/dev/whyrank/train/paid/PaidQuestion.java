package dev.whyrank.train.paid;

import dev.whyrank.rerank.remote.ChatEndpoint;
import dev.whyrank.rerank.remote.ChatRequest;
import dev.whyrank.rerank.remote.ChatRequest.Message;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What to ask a model elsewhere.
 *
 * @param key the same for the same words to the same model
 */
public record PaidQuestion(String key, ChatRequest request) {

    /** No model is shown it, so no two conversations look the same with it between their turns. */
    private static final String BETWEEN_TURNS = "\0";

    /** A question that has to be asked of this endpoint's model. */
    public static PaidQuestion of(ChatEndpoint endpoint, List<Message> turns, List<String> stops, int maxTokens) {
        String words = turns.stream().map(Message::content).collect(Collectors.joining(BETWEEN_TURNS));
        return new PaidQuestion(
                hash(endpoint.model() + "\n" + words), new ChatRequest(turns, stops, maxTokens, 0, null));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

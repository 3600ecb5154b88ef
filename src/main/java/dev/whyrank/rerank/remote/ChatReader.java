package dev.whyrank.rerank.remote;

import dev.whyrank.rerank.remote.ChatChunk.Token;
import dev.whyrank.rerank.remote.ChatFailure.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads chat completions, whole ones and chunks of a stream alike. Pure. */
final class ChatReader {

    static final JsonMapper JSON = new JsonMapper();

    private static final int DETAIL = 300;

    private ChatReader() {}

    /**
     * One chunk.
     *
     * @throws ChatFailure if it is none, or tells of an error
     */
    static ChatChunk read(String data) {
        JsonNode root = parse(data);
        if (root.path("error").isObject() || root.path("error").isString()) {
            throw new ChatFailure(
                    Kind.FAILED, "reported an error in the midst of its answer", false, detail(data), null, null);
        }
        JsonNode choice = root.path("choices").path(0);
        JsonNode message = choice.has("delta") ? choice.path("delta") : choice.path("message");
        return new ChatChunk(
                message.path("content").asString(""),
                tokens(choice.path("logprobs").path("content")),
                message.path("refusal").isString()
                        && !message.path("refusal").stringValue().isEmpty(),
                choice.path("finish_reason").isString()
                        ? choice.path("finish_reason").stringValue()
                        : null,
                usage(root.path("usage")));
    }

    private static JsonNode parse(String data) {
        try {
            JsonNode root = JSON.readTree(data);
            if (root.isObject()) {
                return root;
            }
        } catch (JacksonException e) {
            throw new ChatFailure(Kind.UNREADABLE, "sent no readable JSON", false, shortened(data), null, e);
        }
        throw new ChatFailure(Kind.UNREADABLE, "sent JSON that is no object", false, shortened(data), null, null);
    }

    private static List<Token> tokens(JsonNode content) {
        List<Token> tokens = new ArrayList<>();
        for (JsonNode token : content) {
            Map<String, Double> alternatives = new LinkedHashMap<>();
            for (JsonNode other : token.path("top_logprobs")) {
                alternatives.put(
                        other.path("token").asString(""), other.path("logprob").asDouble(Double.NEGATIVE_INFINITY));
            }
            alternatives.putIfAbsent(
                    token.path("token").asString(""), token.path("logprob").asDouble(Double.NEGATIVE_INFINITY));
            tokens.add(new Token(bytes(token), alternatives));
        }
        return tokens;
    }

    private static byte[] bytes(JsonNode token) {
        JsonNode listed = token.path("bytes");
        if (!listed.isArray() || listed.isEmpty()) {
            return token.path("token").asString("").getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[listed.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) listed.path(i).asInt(0);
        }
        return bytes;
    }

    private static @Nullable ChatUsage usage(JsonNode usage) {
        return usage.isObject()
                ? new ChatUsage(
                        usage.path("prompt_tokens").asInt(0),
                        usage.path("prompt_tokens_details")
                                .path("cached_tokens")
                                .asInt(0),
                        usage.path("completion_tokens").asInt(0))
                : null;
    }

    /** What an error body says, in one short line. */
    static String detail(String body) {
        try {
            JsonNode error = JSON.readTree(body).path("error");
            String message = error.path("message").asString(error.asString(""));
            String code = error.path("code").asString("");
            String field = error.path("param").asString("");
            String whole = String.join(" ", message, code, field).strip();
            return shortened(whole.isEmpty() ? body : whole);
        } catch (JacksonException e) {
            return shortened(body);
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= DETAIL ? line : line.substring(0, DETAIL) + "…";
    }
}

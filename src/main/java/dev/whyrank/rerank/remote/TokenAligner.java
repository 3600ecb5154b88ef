package dev.whyrank.rerank.remote;

import dev.whyrank.rerank.remote.ChatChunk.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Cuts an answer's text into the tokens that an endpoint tells of. Text may lag behind its tokens, since endpoints hold
 * back what may become a stop string. Where the two disagree, the text counts and its tokens are unknown from there on.
 * Owned by one thread at a time.
 */
final class TokenAligner {

    private final Deque<Token> ahead = new ArrayDeque<>();
    private byte[] held = {};
    private boolean lost;

    /**
     * A token, or text whose tokens are unknown.
     *
     * @param bytes UTF-8, possibly a part of a character
     * @param alternatives log probabilities by spelling, none if unknown
     */
    record Piece(byte[] bytes, Map<String, Double> alternatives) {}

    List<Piece> accept(ChatChunk chunk) {
        chunk.tokens().stream().filter(token -> token.bytes().length > 0).forEach(ahead::add);
        byte[] text = joined(held, chunk.text().getBytes(StandardCharsets.UTF_8));
        held = new byte[0];
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length && !lost) {
            Token token = ahead.peek();
            int length = token == null ? 0 : Math.min(token.bytes().length, text.length - at);
            if (token == null || !Arrays.equals(token.bytes(), 0, length, text, at, at + length)) {
                lost = true;
            } else if (length < token.bytes().length) {
                held = Arrays.copyOfRange(text, at, text.length);
                return pieces;
            } else {
                pieces.add(new Piece(token.bytes(), token.alternatives()));
                ahead.remove();
                at += length;
            }
        }
        if (at < text.length) {
            pieces.add(new Piece(Arrays.copyOfRange(text, at, text.length), Map.of()));
        }
        return pieces;
    }

    /** What is held back at the end. */
    List<Piece> end() {
        byte[] rest = held;
        held = new byte[0];
        return rest.length == 0 ? List.of() : List.of(new Piece(rest, Map.of()));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}

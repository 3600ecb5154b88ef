package dev.whyrank.tokenize;

import dev.whyrank.model.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** The bytes of every token of a vocabulary, by the rules of the tokenizer's kind. */
final class TokenPieces {

    private static final byte[] NOTHING = {};
    private static final int[] BYTE_OF_LETTER = byteLevelAlphabet();

    private enum Kind {
        /** Every byte is one printable letter. */
        BYTE_LEVEL,
        /** {@code ▁} is a space, {@code <0x0A>} a byte. */
        SENTENCE_PIECE,
        /** {@code ##} continues a word. */
        WORD_PIECE,
        /** Tokens are words. */
        WORD_LEVEL
    }

    private final byte[][] pieces;
    private final boolean leadingSpaceIsArtificial;

    TokenPieces(TokenizerJson json, String source) {
        Kind kind = kind(json, source);
        pieces = new byte[size(json.vocabulary(), source)][];
        Arrays.fill(pieces, NOTHING);
        json.vocabulary().forEach((token, id) -> pieces[id] = piece(kind, token));
        for (TokenizerJson.AddedToken token : json.addedTokens()) {
            requireOneId(token, json.vocabulary(), source);
            pieces[token.id()] = token.special() ? NOTHING : utf8(token.content());
        }
        leadingSpaceIsArtificial =
                kind == Kind.WORD_LEVEL || kind == Kind.WORD_PIECE || (kind == Kind.SENTENCE_PIECE && prepends(json));
    }

    private static void requireOneId(TokenizerJson.AddedToken token, Map<String, Integer> vocabulary, String source) {
        if (!Objects.equals(vocabulary.get(token.content()), token.id())) {
            throw new InvalidInputException(source + ": token \"" + token.content()
                    + "\" is added twice with different ids; take the file from the original model");
        }
    }

    private static int size(Map<String, Integer> vocabulary, String source) {
        int highest = -1;
        for (Map.Entry<String, Integer> entry : vocabulary.entrySet()) {
            // A sane file has about as many ids as tokens; the slack is for removed ones.
            if (entry.getValue() < 0 || entry.getValue() > 2 * vocabulary.size() + 65_536) {
                throw new InvalidInputException(
                        source + ": token \"" + entry.getKey() + "\" has the impossible id " + entry.getValue());
            }
            highest = Math.max(highest, entry.getValue());
        }
        return highest + 1;
    }

    private static Kind kind(TokenizerJson json, String source) {
        String type = json.section("model").path("type").asString("BPE");
        if (json.uses("decoder", "ByteLevel") || json.uses("pre_tokenizer", "ByteLevel")) {
            return Kind.BYTE_LEVEL;
        }
        if (!json.section("model").path("end_of_word_suffix").asString("").isEmpty()) {
            throw new InvalidInputException(
                    source + ": tokens that end in a word suffix are not supported; use a byte-level tokenizer");
        }
        return switch (type) {
            case "BPE", "Unigram" -> Kind.SENTENCE_PIECE;
            case "WordPiece" -> Kind.WORD_PIECE;
            case "WordLevel" -> Kind.WORD_LEVEL;
            default ->
                throw new InvalidInputException(source + ": tokenizer model \"" + type
                        + "\" is not supported; use BPE, Unigram, WordPiece or WordLevel");
        };
    }

    private static boolean prepends(TokenizerJson json) {
        if (json.uses("normalizer", "Prepend") || json.uses("decoder", "Strip")) {
            return true;
        }
        JsonNode scheme = json.section("pre_tokenizer").findValue("prepend_scheme");
        boolean metaspace = json.uses("pre_tokenizer", "Metaspace");
        return metaspace && (scheme == null || !scheme.asString("").equals("never"));
    }

    private static byte[] piece(Kind kind, String token) {
        return switch (kind) {
            case BYTE_LEVEL -> byteLevel(token);
            case SENTENCE_PIECE ->
                token.matches("<0x[0-9A-Fa-f]{2}>")
                        ? new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)}
                        : utf8(token.replace('\u2581', ' '));
            case WORD_PIECE -> utf8(token.startsWith("##") ? token.substring(2) : " " + token);
            case WORD_LEVEL -> utf8(" " + token);
        };
    }

    private static byte[] byteLevel(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char letter = token.charAt(i);
            if (letter >= BYTE_OF_LETTER.length || BYTE_OF_LETTER[letter] < 0) {
                return utf8(token);
            }
            bytes[i] = (byte) BYTE_OF_LETTER[letter];
        }
        return bytes;
    }

    /** Printable Latin-1 bytes stand for themselves; the others take the letters from U+0100 on, in order. */
    private static int[] byteLevelAlphabet() {
        int[] byteOf = new int[512];
        Arrays.fill(byteOf, -1);
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b != 0xAD);
            byteOf[printable ? b : next++] = b;
        }
        return byteOf;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    int size() {
        return pieces.length;
    }

    /** Whether the first space of a text was put there by the tokenizer. */
    boolean leadingSpaceIsArtificial() {
        return leadingSpaceIsArtificial;
    }

    /** The caller must not change the array. */
    byte[] of(int token) {
        return token >= 0 && token < pieces.length ? pieces[token] : NOTHING;
    }
}

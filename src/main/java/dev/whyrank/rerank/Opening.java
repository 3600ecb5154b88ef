package dev.whyrank.rerank;

import java.util.Arrays;

/**
 * The tokens that a text begins with. Of a text far longer than what can be used, only the beginning is tokenised: a
 * megabyte takes a tokenizer seconds. How many characters make enough tokens is found by trying, because a token may be
 * one byte or a whole line of dashes.
 */
final class Opening {

    private static final int CHARACTERS_PER_TOKEN = 8;
    private static final int GROWTH = 4;

    /** Tokens before a cut that the cut may have changed; a tokenizer looks no further than the word around it. */
    private static final int UNSURE = 64;

    private Opening() {}

    /**
     * Tokenises as much as is needed.
     *
     * @param enough tokens beyond which the caller reads none
     * @return all tokens of the text if it has fewer than {@code enough}; otherwise the first {@code enough} or more
     */
    static int[] of(String text, int enough, TokenCodec codec) {
        long length = (long) CHARACTERS_PER_TOKEN * (enough + UNSURE);
        while (length < text.length()) {
            int[] tokens = codec.encodeText(Characters.prefix(text, Math.toIntExact(length)));
            if (tokens.length >= enough + UNSURE) {
                return Arrays.copyOf(tokens, tokens.length - UNSURE);
            }
            length *= GROWTH;
        }
        return codec.encodeText(text);
    }
}

package dev.whyrank.rerank;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A tokenizer of bytes, with three special tokens that only markup can spell. */
final class ByteCodec implements TokenCodec {

    static final int USER = 256;
    static final int ASSISTANT = 257;
    static final int END = 258;
    static final int VOCABULARY = 259;
    static final String SPELLED_USER = "<|user|>";
    static final String SPELLED_ASSISTANT = "<|assistant|>";
    static final String SPELLED_END = "<|end|>";

    private static final List<String> SPECIAL = List.of(SPELLED_USER, SPELLED_ASSISTANT, SPELLED_END);

    @Override
    public int[] encodeText(String words) {
        byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).toArray();
    }

    @Override
    public int[] encodeMarkup(String words) {
        for (int i = 0; i < SPECIAL.size(); i++) {
            int at = words.indexOf(SPECIAL.get(i));
            if (at >= 0) {
                int[] before = encodeMarkup(words.substring(0, at));
                int[] after = encodeMarkup(words.substring(at + SPECIAL.get(i).length()));
                return IntStream.concat(
                                IntStream.concat(IntStream.of(before), IntStream.of(USER + i)), IntStream.of(after))
                        .toArray();
            }
        }
        return encodeText(words);
    }

    @Override
    public byte[] of(int token) {
        return token < USER ? new byte[] {(byte) token} : new byte[0];
    }

    /** The text of tokens, special ones spelled. */
    static String text(int[] tokens, int from) {
        ByteCodec codec = new ByteCodec();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Arrays.stream(tokens, from, tokens.length)
                .forEach(token -> bytes.writeBytes(
                        token < USER
                                ? codec.of(token)
                                : SPECIAL.get(token - USER).getBytes(StandardCharsets.UTF_8)));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

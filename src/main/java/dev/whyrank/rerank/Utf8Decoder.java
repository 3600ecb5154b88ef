package dev.whyrank.rerank;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 that arrives in pieces; a character that is not complete yet is held back. */
final class Utf8Decoder {

    private static final int LONGEST_CHARACTER = 4;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] held = {};

    /** Appends the characters that these bytes complete. */
    void append(byte[] bytes, StringBuilder text) {
        decode(bytes, false, text);
    }

    /** Appends a replacement character for a character that was never completed. */
    void finish(StringBuilder text) {
        decode(new byte[0], true, text);
    }

    private void decode(byte[] bytes, boolean end, StringBuilder text) {
        ByteBuffer in = ByteBuffer.allocate(held.length + bytes.length)
                .put(held)
                .put(bytes)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_CHARACTER);
        decoder.decode(in, out, end);
        held = new byte[in.remaining()];
        in.get(held);
        text.append(out.flip());
    }
}

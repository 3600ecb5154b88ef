package dev.whyrank.generate;

import dev.whyrank.model.TokenBytes;
import java.nio.charset.StandardCharsets;

/** A tiny made-up vocabulary whose tokens spell one or two letters, so that stop strings span tokens. */
final class Texts {

    static final int VOCABULARY = 97;
    static final int[] LABELS = {3, 4, 5};

    static final TokenBytes BYTES = token -> spell(token).getBytes(StandardCharsets.UTF_8);

    private Texts() {}

    static String spell(int token) {
        if (token % 11 == 0) {
            return "";
        }
        String first = String.valueOf((char) ('a' + token % 3));
        return token % 5 == 0 ? first + "é" : first;
    }
}

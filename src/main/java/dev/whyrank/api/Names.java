package dev.whyrank.api;

import java.util.Locale;

/** How Java's names are spelled on the wire. */
final class Names {

    private Names() {}

    /** {@code DEADLINE_EXCEEDED} becomes {@code deadline_exceeded}. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** {@code documents[0].maxTokensPerDoc} becomes {@code documents[0].max_tokens_per_doc}, {@code text1} becomes {@code text_1}. */
    static String field(String path) {
        StringBuilder out = new StringBuilder(path.length() + 4);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean numbered = Character.isDigit(c) && i > 0 && Character.isLetter(path.charAt(i - 1));
            if (numbered) {
                out.append('_').append(c);
            } else if (Character.isUpperCase(c)) {
                out.append('_').append(Character.toLowerCase(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}

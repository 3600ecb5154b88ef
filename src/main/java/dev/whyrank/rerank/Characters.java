package dev.whyrank.rerank;

/** What is done to text from outside before anything reads it: whole characters only. */
public final class Characters {

    private static final char REPLACEMENT = '\uFFFD';

    private Characters() {}

    /** The same text with each half of a surrogate pair that stands alone replaced by U+FFFD. */
    public static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return repaired(text, i);
            }
        }
        return text;
    }

    private static String repaired(String text, int from) {
        StringBuilder repaired = new StringBuilder(text.length()).append(text, 0, from);
        for (int i = from; i < text.length(); ) {
            int character = text.codePointAt(i);
            boolean alone = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
            repaired.appendCodePoint(alone ? REPLACEMENT : character);
            i += Character.charCount(character);
        }
        return repaired.toString();
    }

    /** At most so many {@code char}s from the beginning, one fewer rather than half a character. */
    public static String prefix(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        boolean divided = longest > 0
                && Character.isHighSurrogate(text.charAt(longest - 1))
                && Character.isLowSurrogate(text.charAt(longest));
        return text.substring(0, divided ? longest - 1 : longest);
    }

    /** Whether there is nothing to read: only white space, control characters and invisible ones. */
    public static boolean blank(String text) {
        return text.codePoints().allMatch(Characters::invisible);
    }

    private static boolean invisible(int character) {
        return switch (Character.getType(character)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.FORMAT -> true;
            default -> false;
        };
    }
}

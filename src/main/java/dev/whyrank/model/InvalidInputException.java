package dev.whyrank.model;

import java.util.regex.Pattern;

/**
 * What the user gave cannot be used: a file, an option, a setting. The message is one line that names it and says what
 * to do; it is shown as it is, without a stack trace. What it quotes may come from a hostile file, so line breaks become
 * spaces and other control characters, which a terminal would obey, U+FFFD.
 */
public class InvalidInputException extends RuntimeException {

    private static final Pattern BREAKS = Pattern.compile("\\R\\s*");

    public InvalidInputException(String message) {
        super(oneLine(message));
    }

    public InvalidInputException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        return BREAKS.matcher(message).replaceAll(" ").replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}

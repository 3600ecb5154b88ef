package dev.whyrank.model;

/**
 * What the user gave cannot be used: a file, an option, a setting. The message is one line that names it and says what
 * to do; it is shown as it is, without a stack trace.
 */
public class InvalidInputException extends RuntimeException {

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}

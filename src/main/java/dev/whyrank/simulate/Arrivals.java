package dev.whyrank.simulate;

import dev.whyrank.model.InvalidInputException;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When requests come.
 *
 * @param kind by which rule
 * @param count requests of a burst, or clients of a closed loop; 1 otherwise
 */
public record Arrivals(Kind kind, int count) {

    private static final Pattern WORDS = Pattern.compile("(poisson|constant)|(burst|closed):(\\d{1,7})");

    /** The rules. */
    public enum Kind {
        /** Independently of each other, at a mean rate. */
        POISSON,
        /** Evenly, at a rate. */
        CONSTANT,
        /** Several at once, evenly, together at a rate. */
        BURST,
        /** Each client sends its next request when it has its answer; there is no rate. */
        CLOSED
    }

    /**
     * Reads {@code poisson}, {@code constant}, {@code burst:N} or {@code closed:N}.
     *
     * @throws InvalidInputException if it is none of these
     */
    public static Arrivals parse(String text) {
        Matcher words = WORDS.matcher(text);
        if (words.matches() && words.group(1) != null) {
            return new Arrivals(words.group(1).equals("poisson") ? Kind.POISSON : Kind.CONSTANT, 1);
        }
        if (words.matches() && Integer.parseInt(words.group(3)) > 0) {
            Kind kind = words.group(2).equals("burst") ? Kind.BURST : Kind.CLOSED;
            return new Arrivals(kind, Integer.parseInt(words.group(3)));
        }
        throw new InvalidInputException(
                "'" + text + "' is no kind of arrivals; give poisson, constant, burst:N or closed:N, N 1 or more");
    }

    /**
     * Nanoseconds from one arrival to the next; 0 in a closed loop, which knows its next by itself.
     *
     * @param number of the next request, from 0
     * @param rate requests a second
     */
    long gap(int number, double rate, SplittableRandom random) {
        return switch (kind) {
            case POISSON -> Math.round(-Math.log(1 - random.nextDouble()) / rate * 1e9);
            case CONSTANT -> Math.round(1e9 / rate);
            case BURST -> number % count == 0 ? Math.round(count * 1e9 / rate) : 0;
            case CLOSED -> 0;
        };
    }
}

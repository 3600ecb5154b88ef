package dev.whyrank.simulate;

import dev.whyrank.model.InvalidInputException;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How something varies from request to request or from document to document: evenly between two numbers, or, if {@code
 * spread} is not 0, log-normally around a median and cut at a most.
 *
 * @param low the least, or the median
 * @param high the most
 * @param spread standard deviation of the logarithm; 0 for an even distribution
 */
public record Size(int low, int high, double spread) {

    private static final Pattern EVEN = Pattern.compile("(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");
    private static final Pattern SKEWED = Pattern.compile("(\\d{1,9})~(\\d+(?:\\.\\d+)?)<(\\d{1,9})");

    public Size {
        if (low < 1 || high < low) {
            throw new InvalidInputException(
                    "a size from " + low + " to " + high + " is none; give 1 or more, the smaller number first");
        }
    }

    /**
     * Reads {@code 20}, {@code 10..30}, or {@code 100~0.5<300}: median, spread of the logarithm, most.
     *
     * @throws InvalidInputException if it is none of these
     */
    public static Size parse(String text) {
        Matcher even = EVEN.matcher(text);
        if (even.matches()) {
            int low = Integer.parseInt(even.group(1));
            return new Size(low, even.group(2) == null ? low : Integer.parseInt(even.group(2)), 0);
        }
        Matcher skewed = SKEWED.matcher(text);
        if (skewed.matches()) {
            return new Size(
                    Integer.parseInt(skewed.group(1)),
                    Integer.parseInt(skewed.group(3)),
                    Double.parseDouble(skewed.group(2)));
        }
        throw new InvalidInputException("'" + text
                + "' is no size; give a number, a range such as 10..30, or 100~0.5<300 (median, spread, most)");
    }

    /** One size by chance. */
    int draw(SplittableRandom random) {
        if (spread == 0) {
            return low == high ? low : random.nextInt(low, high + 1);
        }
        // Box and Muller; SplittableRandom has no Gaussian of its own in Java 17.
        double angle = 2 * Math.PI * random.nextDouble();
        double normal = Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(angle);
        return (int) Math.max(1, Math.min(high, Math.round(low * Math.exp(spread * normal))));
    }

    @Override
    public String toString() {
        if (spread > 0) {
            return String.format(Locale.ROOT, "%d~%s<%d", low, spread, high);
        }
        return low == high ? Integer.toString(low) : low + ".." + high;
    }
}

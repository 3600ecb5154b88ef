package dev.whyrank.simulate;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long a step takes: the largest of some linear functions of its work. One function is a fit to a machine; two, the
 * traffic of its memory and its arithmetic, are a roofline.
 *
 * @param name of the model and machine
 * @param source how the coefficients were come by, and under which assumptions
 * @param bounds at least one; a step takes as long as the slowest
 */
public record StepCost(String name, List<String> source, List<Bound> bounds) {

    /** The costs that ship with Whyrank. */
    public static final Set<String> PRESETS = Set.of("h100-3b");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * Milliseconds by what they are spent on; none is negative.
     *
     * @param name what it is about, such as {@code memory}
     * @param step of every step
     * @param prefillToken of each prompt or forced token
     * @param decodeSequence of each sequence that decodes
     * @param decodeContext of each position that a decoding token attends to
     * @param prefillContext of each pair of a prefill token and a position that it attends to
     * @param copiedToken of each token of a prefix that is copied
     */
    public record Bound(
            String name,
            double step,
            double prefillToken,
            double decodeSequence,
            double decodeContext,
            double prefillContext,
            double copiedToken) {

        public Bound {
            double[] all = {step, prefillToken, decodeSequence, decodeContext, prefillContext, copiedToken};
            for (double coefficient : all) {
                if (!(coefficient >= 0 && Double.isFinite(coefficient))) {
                    throw new InvalidInputException(
                            "bound '" + name + "' has a coefficient of " + coefficient + "; give milliseconds >= 0");
                }
            }
        }

        double millis(StepWork work) {
            return step
                    + prefillToken * work.prefillTokens()
                    + decodeSequence * work.decodeSequences()
                    + decodeContext * work.decodeContext()
                    + prefillContext * work.prefillContext()
                    + copiedToken * work.copiedTokens();
        }
    }

    public StepCost {
        bounds = List.copyOf(bounds);
        if (bounds.isEmpty()) {
            throw new InvalidInputException("a step's cost needs at least one of 'bounds'");
        }
    }

    /** A cost of one linear function. */
    static StepCost linear(String name, List<String> source, double... coefficients) {
        double[] c = coefficients;
        return new StepCost(name, source, List.of(new Bound("all", c[0], c[1], c[2], c[3], c[4], c[5])));
    }

    /** Milliseconds that a step takes. */
    public double millis(StepWork work) {
        double most = 0;
        for (Bound bound : bounds) {
            most = Math.max(most, bound.millis(work));
        }
        return most;
    }

    /**
     * One that ships with Whyrank, or a file.
     *
     * @throws InvalidInputException if it is neither, or not well formed
     */
    public static StepCost open(String nameOrFile) {
        if (PRESETS.contains(nameOrFile)) {
            try (InputStream preset = StepCost.class.getResourceAsStream(nameOrFile + ".json")) {
                return MAPPER.readValue(preset, StepCost.class);
            } catch (IOException e) {
                throw new IllegalStateException("the preset " + nameOrFile + " is broken", e);
            }
        }
        try {
            return MAPPER.readValue(Files.readString(Path.of(nameOrFile)), StepCost.class);
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    nameOrFile + ": does not hold a step's cost: " + e.getOriginalMessage()
                            + "; write one with whyrank bench --fit",
                    e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    nameOrFile + ": cannot be read; give " + PRESETS + " or a file of whyrank bench --fit", e);
        }
    }

    /**
     * Writes it for {@link #open}.
     *
     * @throws InvalidInputException if the file cannot be written
     */
    public void write(Path file) {
        try {
            Files.writeString(file, MAPPER.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be written; give another file", e);
        }
    }
}

package dev.whyrank.train.tuning;

import dev.whyrank.model.InvalidInputException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run learns.
 *
 * @param batch examples of one pass
 * @param accumulation passes of one step
 * @param epochs how often every example is seen
 * @param steps ends a run earlier, or null for all epochs
 * @param patience processor time of the process after which a run ends, or null for none; a run that this ended cannot
 *     be repeated exactly
 * @param rate learning rate
 * @param weightDecay of matrices
 * @param clip the norm that a step's gradient is cut down to
 * @param evaluateEvery steps between looks at the dev examples
 * @param saveEvery steps between saved states
 * @param seed of every random draw
 */
public record TuningSettings(
        int batch,
        int accumulation,
        int epochs,
        @Nullable Integer steps,
        @Nullable Duration patience,
        LearningRate rate,
        double weightDecay,
        double clip,
        int evaluateEvery,
        int saveEvery,
        long seed) {

    public TuningSettings {
        requirePositive("batch", batch);
        requirePositive("accumulation", accumulation);
        requirePositive("epochs", epochs);
        requirePositive("evaluate-every", evaluateEvery);
        requirePositive("save-every", saveEvery);
        if (steps != null) {
            requirePositive("steps", steps);
        }
        if (!(rate.peak() > 0) || rate.warmUp() < 0 || rate.warmUp() > 1 || !(clip > 0) || weightDecay < 0) {
            throw new InvalidInputException(
                    "the learning rate and the clip must be above 0, warm-up between 0 and 1, weight decay not negative");
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new InvalidInputException("--" + name + " is " + value + "; give 1 or more");
        }
    }

    /** Steps of a whole run over so many examples. */
    int stepsFor(int batchesPerEpoch) {
        long all = ((long) batchesPerEpoch * epochs + accumulation - 1) / accumulation;
        return Math.toIntExact(steps == null ? all : Math.min(all, steps));
    }
}

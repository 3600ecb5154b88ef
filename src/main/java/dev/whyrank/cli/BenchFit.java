package dev.whyrank.cli;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.model.LanguageModel;
import dev.whyrank.simulate.StepFit;
import dev.whyrank.simulate.StepTrials;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times a model's steps on this machine and writes what they cost, for {@code whyrank simulate --machine}. */
final class BenchFit {

    private final ModelOptions options;

    BenchFit(ModelOptions options) {
        this.options = options;
    }

    /**
     * Measures, fits and writes.
     *
     * @param rounds times that every shape of a step is run
     * @return how well it fits, for one JSON line
     */
    Map<String, Object> write(
            Path file, Checkpoint checkpoint, int slots, int slotLength, int tokenBudget, int rounds) {
        List<StepFit.Timed> steps;
        try (LanguageModel model = options.load(checkpoint, slots, slotLength)) {
            steps = new StepTrials(model, tokenBudget, System::nanoTime).run(rounds);
        }
        String dtype = options.precision.name().toLowerCase(Locale.ROOT);
        String name = checkpoint.name() + " in " + dtype;
        StepFit fit = StepFit.of(
                name,
                List.of(String.format(
                        Locale.ROOT,
                        "Measured by whyrank bench --fit: %d shapes of steps, the median of %d times each, %d slots of %d"
                                + " positions, at most %d tokens in a step.",
                        steps.size(),
                        rounds,
                        slots,
                        slotLength,
                        tokenBudget)),
                steps);
        fit.cost().write(file);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("file", file.toString());
        report.put("model", name);
        report.put("steps", fit.steps());
        report.put("r_squared", rounded(fit.rSquared()));
        report.put("median_relative_error", rounded(fit.medianError()));
        report.put("p95_relative_error", rounded(fit.worstError()));
        return report;
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}

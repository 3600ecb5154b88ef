package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Precision;
import dev.whyrank.model.torch.TrainingOptions;
import dev.whyrank.train.tuning.LearningRate;
import dev.whyrank.train.tuning.StartingAdapter;
import dev.whyrank.train.tuning.TuningSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that train. Defaults are the paper's. */
final class TuningOptions {

    private static final Set<String> MODULES =
            Set.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
    private static final List<String> TARGETS = List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj");
    private static final int RANK = 64;
    private static final double ALPHA = 16;

    @Option(names = "--full", description = "All weights learn, not adapters beside them.")
    boolean full;

    @Option(
            names = "--lora-r",
            paramLabel = "R",
            description = "Rank of the adapters (default: 64, or as --adapter has it).")
    @Nullable
    Integer rank;

    @Option(
            names = "--lora-alpha",
            paramLabel = "A",
            description = "Their product counts A / R (default: 16, or as --adapter has it).")
    @Nullable
    Double alpha;

    @Option(names = "--lora-dropout", paramLabel = "P", description = "Of their input (default: 0.1).")
    double dropout = 0.1;

    @Option(
            names = "--lora-targets",
            paramLabel = "NAMES",
            split = ",",
            description =
                    "Layers with an adapter (default: q_proj,k_proj,v_proj,o_proj,gate_proj, or as --adapter has it).")
    @Nullable
    List<String> targets;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Peak (default: 2e-4).")
    double rate = 2e-4;

    @Option(names = "--warm-up", paramLabel = "X", description = "Share of the steps (default: 0.03).")
    double warmUp = 0.03;

    @Option(names = "--cosine", description = "The rate falls along a cosine; otherwise it is constant.")
    boolean cosine;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Of matrices (default: 0.001).")
    double decay = 0.001;

    @Option(names = "--clip", paramLabel = "X", description = "Largest norm of a gradient (default: 0.3).")
    double clip = 0.3;

    @Option(names = "--batch", paramLabel = "N", description = "Examples of a pass (default: 1).")
    int batch = 1;

    @Option(names = "--accumulation", paramLabel = "N", description = "Passes of a step (default: 16).")
    int accumulation = 16;

    @Option(names = "--epochs", paramLabel = "N", description = "(default: 1).")
    int epochs = 1;

    @Option(names = "--steps", paramLabel = "N", description = "Most steps (default: all epochs).")
    @Nullable
    Integer steps;

    @Option(
            names = "--max-minutes",
            paramLabel = "M",
            description = "Processor time after which it ends (default: no limit).")
    @Nullable
    Double minutes;

    @Option(names = "--max-length", paramLabel = "N", description = "Tokens of an example (default: 2048).")
    int maxLength = 2048;

    @Option(names = "--checkpointing", description = "Saves memory: computes every layer a second time.")
    boolean checkpointing;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = ModelOptions.PrecisionConverter.class,
            description = "Of products: float32 or bfloat16 (default: float32).")
    Precision precision = Precision.FLOAT32;

    @Option(names = "--device", paramLabel = "DEVICE", description = "auto, cpu or cuda:N (default: auto).")
    String device = "auto";

    @Option(names = "--threads", paramLabel = "N", description = "libtorch's on CPU (default: one for each core).")
    int threads;

    @Option(names = "--save-every", paramLabel = "N", description = "Steps between saved states (default: 200).")
    int saveEvery = 200;

    @Option(names = "--seed", paramLabel = "S", description = "Of every random draw (default: 1).")
    long seed = 1;

    /**
     * How a model is trained.
     *
     * @param start an adapter to go on from, which decides the shape, or null
     * @throws InvalidInputException if the adapter cannot be used, or options contradict it
     */
    TrainingOptions training(Path base, @Nullable Path start) {
        return new TrainingOptions(
                precision, device, threads, maxLength, checkpointing, full ? null : adapter(base, start));
    }

    private TrainingOptions.Adapter adapter(Path base, @Nullable Path start) {
        Set<String> chosen = new TreeSet<>(targets == null ? TARGETS : targets);
        if ((rank != null && rank < 1) || dropout < 0 || dropout >= 1) {
            throw new InvalidInputException("--lora-r must be 1 or more and --lora-dropout in [0, 1)");
        }
        for (String target : chosen) {
            if (!MODULES.contains(target)) {
                throw new InvalidInputException(
                        "--lora-targets: '" + target + "' is not known; use " + new TreeSet<>(MODULES));
            }
        }
        if (start == null) {
            return new TrainingOptions.Adapter(
                    rank == null ? RANK : rank, alpha == null ? ALPHA : alpha, dropout, chosen, seed);
        }
        StartingAdapter saved = StartingAdapter.read(base, start);
        requireSame("--lora-r", rank, saved.rank(), start);
        requireSame("--lora-alpha", alpha, saved.alpha(), start);
        requireSame("--lora-targets", targets == null ? null : chosen, saved.targets(), start);
        return new TrainingOptions.Adapter(saved.rank(), saved.alpha(), dropout, saved.targets(), seed);
    }

    private static void requireSame(String option, @Nullable Object given, Object saved, Path start) {
        if (given != null && !given.equals(saved)) {
            throw new InvalidInputException(option + " is " + given + " and the adapter in " + start + " has " + saved
                    + "; leave the option out");
        }
    }

    /**
     * How a run learns.
     *
     * @param evaluateEvery steps between looks at examples that are not learnt
     */
    TuningSettings settings(int evaluateEvery) {
        Duration patience = minutes == null ? null : Duration.ofMillis(Math.round(minutes * 60_000));
        return new TuningSettings(
                batch,
                accumulation,
                epochs,
                steps,
                patience,
                new LearningRate(rate, warmUp, cosine),
                decay,
                clip,
                evaluateEvery,
                saveEvery,
                seed);
    }
}

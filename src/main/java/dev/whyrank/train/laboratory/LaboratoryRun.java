package dev.whyrank.train.laboratory;

import dev.whyrank.model.torch.TrainingOptions;
import dev.whyrank.train.refinement.Answer;
import dev.whyrank.train.refinement.Pair;
import dev.whyrank.train.refinement.Refinement;
import dev.whyrank.train.refinement.Reward;
import dev.whyrank.train.refinement.Sampler;
import dev.whyrank.train.refinement.Weighing;
import dev.whyrank.train.refinement.Weighing.Scored;
import dev.whyrank.train.tuning.Chance;
import dev.whyrank.train.tuning.Example;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import dev.whyrank.train.tuning.LearningRate;
import dev.whyrank.train.tuning.TrainingRecord;
import dev.whyrank.train.tuning.Tuning;
import dev.whyrank.train.tuning.TuningListener;
import dev.whyrank.train.tuning.TuningSettings;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The whole laboratory for one seed: data, warm-up, distillation with explanations and without, distillation from a
 * teacher with a blind spot, refinement and its control, and the exams. A part that is finished is not done again, and
 * one that was interrupted goes on, so the same call takes up where the last one stopped.
 */
public final class LaboratoryRun {

    private static final int BATCH = 32;
    private static final int MAX_LENGTH = 320;
    private static final int DOCUMENTS = 6;
    private static final double WARM_RATE = 2e-3;
    private static final double TASK_RATE = 1e-3;
    private static final double REFINING_RATE = 3e-4;
    private static final double WARM_UP = 0.02;
    private static final int LONGER = World.LONGEST + 1;

    /** Seeds of test sets are far from those of training sets. */
    private static final long TESTS = 1_000_000;

    private final Path out;
    private final long seed;
    private final int threads;
    private final LaboratoryScale scale;
    private final Function<String, TuningListener> listeners;

    /**
     * Prepares a run.
     *
     * @param listeners told of each part's training, by the part's name
     */
    public LaboratoryRun(
            Path out, long seed, int threads, LaboratoryScale scale, Function<String, TuningListener> listeners) {
        this.out = out;
        this.seed = seed;
        this.threads = threads;
        this.scale = scale;
        this.listeners = listeners;
    }

    /** Does everything, and returns a table of what came of it in Markdown. */
    public String run() throws IOException {
        write("test.jsonl", scale.questions(), World.of(seed + TESTS, World.SHORTEST, World.LONGEST)::record);
        write("longer.jsonl", scale.questions(), World.of(seed + 2 * TESTS, LONGER, LONGER)::record);
        Path start = out.resolve("start");
        if (!Files.exists(start.resolve("model.safetensors"))) {
            LaboratoryModel.write(start, seed);
        }
        Path plain = learn("plain", start, Task.EXPLAIN, scale.plain(), WARM_RATE, plainly(), null);
        Path warm = learn("warm", plain, Task.EXPLAIN, scale.restating(), WARM_RATE, restating(), null);
        Path data = task("task.jsonl", scale.distilling(), World.of(seed + 3 * TESTS, World.SHORTEST, World.LONGEST));
        Path explain = learn("explain", warm, Task.EXPLAIN, scale.distilling(), TASK_RATE, data, null);
        int labelSteps = (int) Math.ceil(scale.distilling() * LaboratoryScale.LABEL_STEPS);
        Path label = learn("label", warm, Task.LABEL, labelSteps, TASK_RATE, data, null);
        World blindSpot =
                World.of(seed + 4 * TESTS, World.SHORTEST, World.LONGEST).withBlindSpot();
        Path blindData = task("blind.jsonl", scale.blind(), blindSpot);
        Path blind = learn("blind", warm, Task.EXPLAIN, scale.blind(), TASK_RATE, blindData, null);
        Path refined = refine(blind);
        Duration spent = spent();
        Path control = learn("control", blind, Task.EXPLAIN, Integer.MAX_VALUE, REFINING_RATE, blindData, spent);
        return new LaboratoryReport(out, threads)
                .row("warm-up only", warm, Task.EXPLAIN)
                .row("distilled, explains", explain, Task.EXPLAIN)
                .row("distilled, label only", label, Task.LABEL)
                .row("distilled from a teacher with a blind spot", blind, Task.EXPLAIN)
                .row("the same, refined", refined, Task.EXPLAIN)
                .row("the same, distilled on for as long", control, Task.EXPLAIN)
                .text();
    }

    private Path plainly() throws IOException {
        return write(
                "plain.jsonl",
                scale.plain() * BATCH,
                World.of(seed + 5 * TESTS, 1, 2).plain()::restating);
    }

    private Path restating() throws IOException {
        return write(
                "restating.jsonl", scale.restating() * BATCH, World.of(seed + 6 * TESTS, 2, World.LONGEST)::restating);
    }

    private Path task(String file, int steps, World world) throws IOException {
        return write(file, steps * BATCH / DOCUMENTS + 1, world::record);
    }

    private Path write(String name, int count, IntFunction<String> record) throws IOException {
        Path file = out.resolve(name);
        if (!Files.exists(file)) {
            Files.createDirectories(out);
            Path partial = out.resolve(name + ".partial");
            try (BufferedWriter lines = Files.newBufferedWriter(partial)) {
                for (int i = 0; i < count; i++) {
                    lines.write(record.apply(i));
                    lines.newLine();
                }
            }
            Files.move(partial, file);
        }
        return file;
    }

    private Path learn(
            String name, Path base, Task task, int steps, double rate, Path data, @Nullable Duration patience)
            throws IOException {
        Path target = out.resolve(name);
        if (!Files.exists(target.resolve("model.safetensors"))) {
            List<TrainingRecord> records = TrainingRecord.read(data);
            tuning(base, target, steps, rate, patience)
                    .run(
                            checkpoint -> {
                                List<Example> examples =
                                        new ExampleMaker(checkpoint, MAX_LENGTH).of(records, Set.of(task));
                                return new Tuning.Source.Examples(examples, List.of());
                            },
                            listeners.apply(name));
        }
        return target;
    }

    private Tuning tuning(Path base, Path target, int steps, double rate, @Nullable Duration patience) {
        TuningSettings settings = new TuningSettings(
                BATCH,
                1,
                patience == null ? 2 : 1000,
                steps,
                patience,
                new LearningRate(rate, patience == null ? WARM_UP : 0, patience == null),
                0.001,
                1,
                1000,
                100,
                seed);
        return new Tuning(base, null, target, TrainingOptions.plain(threads, MAX_LENGTH), settings);
    }

    /** The reward knows the truth and looks at the derivation, not at the label alone. */
    private static double truth(Pair pair, Answer answer) {
        Derivation truth = Derivation.of(pair.question(), pair.teacher().text());
        double label = answer.stated() && answer.label() == truth.label() ? 1 : 0;
        return Reward.LABEL_SHARE * label + (1 - Reward.LABEL_SHARE) * truth.agreement(answer.explanation());
    }

    private Path refine(Path blind) throws IOException {
        Path current = blind;
        for (int round = 1; round <= scale.rounds(); round++) {
            Path target = out.resolve("refined-" + round);
            if (!Files.exists(target.resolve("model.safetensors"))) {
                long before = System.nanoTime();
                refine(current, target, round);
                Files.writeString(seconds(round), String.valueOf((System.nanoTime() - before) / 1_000_000_000 + 1));
            }
            current = target;
        }
        return current;
    }

    private Path seconds(int round) {
        return out.resolve("refined-" + round + ".seconds");
    }

    /** What all rounds took, sampling included; written down, since rounds may have been made by an earlier call. */
    private Duration spent() throws IOException {
        Duration sum = Duration.ZERO;
        for (int round = 1; round <= scale.rounds(); round++) {
            sum = sum.plusSeconds(Long.parseLong(Files.readString(seconds(round))));
        }
        return sum;
    }

    private void refine(Path current, Path target, int round) throws IOException {
        World world = World.of(seed + (6 + round) * TESTS, World.SHORTEST, World.LONGEST)
                .withBlindSpot();
        Path data = write("refine-" + round + ".jsonl", scale.pairs() / DOCUMENTS, world::record);
        List<Pair> pairs = new ArrayList<>(Pair.of(TrainingRecord.read(data)));
        Sampler.Settings sampling = new Sampler.Settings(8, 1, Exam.ANSWER, Chance.seed(seed, round));
        Refinement refinement = new Refinement(current, null, Exam.serving(threads), sampling, Weighing.DEFAULT);
        List<Scored> scored = refinement.score(pairs, LaboratoryRun::truth);
        Tuning tuning = new Tuning(
                current,
                null,
                target,
                TrainingOptions.plain(threads, MAX_LENGTH),
                new TuningSettings(
                        BATCH,
                        1,
                        1000,
                        scale.refining(),
                        null,
                        new LearningRate(REFINING_RATE, WARM_UP, false),
                        0.001,
                        1,
                        1000,
                        1000,
                        seed));
        refinement.learn(scored, tuning, listeners.apply("refined-" + round));
    }
}

package dev.whyrank.train.laboratory;

import dev.whyrank.model.Precision;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.model.torch.TrainingOptions;
import dev.whyrank.train.refinement.Answer;
import dev.whyrank.train.refinement.Pair;
import dev.whyrank.train.refinement.Refinement;
import dev.whyrank.train.refinement.Reward;
import dev.whyrank.train.refinement.Sampler;
import dev.whyrank.train.refinement.Scorer;
import dev.whyrank.train.refinement.Weighing;
import dev.whyrank.train.refinement.Weighing.Scored;
import dev.whyrank.train.tuning.Chance;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import dev.whyrank.train.tuning.LearningRate;
import dev.whyrank.train.tuning.RunSettings;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Trains all arms of the laboratory for one seed: data, warm-up, distillation with explanations and without, distillation
 * from a teacher with a blind spot, refinement and its control. A part that is finished is not done again, and
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
    private static final int SLOTS = 33;
    private static final int SLOT_LENGTH = 384;

    /** Tokens of an answer, label included: a derivation of the longest chains takes fewer. */
    public static final int ANSWER = 100;

    /** Each kind of data has seeds of its own, far from each other's. */
    private static final long KINDS = 1_000_000;

    private static final int CONTROLS = 20;
    private static final int BRIEF = 30;

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

    /**
     * Trains everything, and returns the folder of each model.
     *
     * @throws dev.whyrank.model.InvalidInputException if the folder is that of a run with another seed or scale
     */
    public Map<Arm, Path> run() throws IOException {
        String name = scale.equals(LaboratoryScale.SMOKE) ? "smoke" : scale.toString();
        new RunSettings(Map.of("seed", String.valueOf(seed), "scale", name)).keep(out.resolve("lab.json"));
        write(ExamPaper.TEST.file(), scale.questions(), trained(1)::record);
        write(ExamPaper.LONGER.file(), scale.questions(), World.of(seed + 2 * KINDS, LONGER, LONGER)::record);
        Map<Arm, Path> models = new EnumMap<>(Arm.class);
        Path warm = warmUp();
        models.put(Arm.WARM, warm);
        Path data = task("task.jsonl", scale.distilling(), trained(3));
        models.put(Arm.EXPLAIN, learn("explain", warm, Task.EXPLAIN, scale.distilling(), TASK_RATE, data, null));
        int labelSteps = (int) Math.ceil(scale.distilling() * LaboratoryScale.LABEL_STEPS);
        models.put(Arm.LABEL, learn("label", warm, Task.LABEL, labelSteps, TASK_RATE, data, null));
        Path blindData = task("blind.jsonl", scale.blind(), trained(4).withBlindSpot());
        Path blind = learn("blind", warm, Task.EXPLAIN, scale.blind(), TASK_RATE, blindData, null);
        models.put(Arm.BLIND, blind);
        models.put(Arm.REFINED, refine(blind));
        Path fresh = task("control.jsonl", scale.blind(), trained(CONTROLS).withBlindSpot());
        Duration spent = ProcessorLog.of(out, Arm.REFINED);
        models.put(Arm.CONTROL, learn("control", blind, Task.EXPLAIN, Integer.MAX_VALUE, REFINING_RATE, fresh, spent));
        return models;
    }

    /**
     * Reading first, then whole routes of few links: whether a place is the one that was asked for is a small part of a
     * long derivation, and was learnt late or not at all where it was first met in one.
     */
    private Path warmUp() throws IOException {
        Path start = out.resolve("start");
        if (!Files.exists(start.resolve("model.safetensors"))) {
            LaboratoryModel.write(start, seed);
        }
        Path plain = learn("plain", start, Task.EXPLAIN, scale.plain(), WARM_RATE, plainly(), null);
        Path reading = learn("reading", plain, Task.EXPLAIN, scale.restating(), WARM_RATE, restating(), null);
        Path data = task("brief.jsonl", scale.brief(), World.of(seed + BRIEF * KINDS, 1, World.SHORTEST - 1));
        return learn("warm", reading, Task.EXPLAIN, scale.brief(), WARM_RATE, data, null);
    }

    /** A world of the lengths that are trained. */
    private World trained(int kind) {
        return World.of(seed + kind * KINDS, World.SHORTEST, World.LONGEST);
    }

    private Path plainly() throws IOException {
        return write(
                "plain.jsonl",
                scale.plain() * BATCH,
                World.of(seed + 5 * KINDS, 1, 2).plain()::restating);
    }

    private Path restating() throws IOException {
        return write(
                "restating.jsonl", scale.restating() * BATCH, World.of(seed + 6 * KINDS, 2, World.LONGEST)::restating);
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
            Tuning.Source source = checkpoint -> new Tuning.Source.Examples(
                    new ExampleMaker(checkpoint, MAX_LENGTH).of(records, Set.of(task)), List.of());
            ProcessorLog log = ProcessorLog.start(out, name);
            try {
                tuning(base, target, steps, rate, patience).run(source, listeners.apply(name));
            } finally {
                log.write();
            }
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

    static TorchOptions serving(int threads) {
        return new TorchOptions(Precision.FLOAT32, "cpu", threads, SLOTS, SLOT_LENGTH, new int[0]);
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
                ProcessorLog log = ProcessorLog.start(out, Arm.REFINED.id());
                try {
                    refine(current, target, round);
                } finally {
                    log.write();
                }
            }
            current = target;
        }
        return current;
    }

    private void refine(Path current, Path target, int round) throws IOException {
        Path data = write(
                "refine-" + round + ".jsonl",
                scale.pairs() / DOCUMENTS,
                trained(6 + round).withBlindSpot()::record);
        List<Pair> pairs = new ArrayList<>(Pair.of(TrainingRecord.read(data)));
        Sampler.Settings sampling = new Sampler.Settings(8, 1, ANSWER, Chance.seed(seed, round));
        Refinement refinement = new Refinement(current, null, serving(threads), sampling, Weighing.DEFAULT);
        List<Scored> scored = refinement.score(pairs, Scorer.of(LaboratoryRun::truth), target);
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

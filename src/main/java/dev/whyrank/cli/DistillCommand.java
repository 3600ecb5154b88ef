package dev.whyrank.cli;

import dev.whyrank.checkpoint.CheckpointFolder;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.train.tuning.Example;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import dev.whyrank.train.tuning.TrainingRecord;
import dev.whyrank.train.tuning.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code whyrank distill}: teaches a model what a teacher wrote. */
@Command(
        name = "distill",
        mixinStandardHelpOptions = true,
        description = {
            "Teaches a model to explain and label as a teacher did: adapters beside its layers, or all of its weights.",
            "A run that was interrupted goes on where it stopped if it is started again with the same --out."
        })
final class DistillCommand implements Callable<Integer> {

    @Option(names = "--base", required = true, paramLabel = "DIR", description = "Folder of the model to teach.")
    private Path base = Path.of("");

    @Option(names = "--adapter", paramLabel = "DIR", description = "An adapter to go on from, in its own shape.")
    private @Nullable Path adapter;

    @Option(names = "--from-scratch", description = "Starts from random weights of the shape in --base; with --full.")
    private boolean fromScratch;

    @Option(
            names = "--data",
            required = true,
            split = ",",
            paramLabel = "FILES",
            description = "Records that a teacher annotated, one JSON object per line.")
    private List<Path> data = List.of();

    @Option(names = "--dev", paramLabel = "FILE", description = "Records to look at and never to learn.")
    private @Nullable Path dev;

    @Option(names = "--evaluate-every", paramLabel = "N", description = "Steps between dev looks (default: 100).")
    private int evaluateEvery = 100;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the result goes.")
    private Path out = Path.of("");

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "TASKS",
            description = "explain, label, queries, or several with commas (default: explain,queries).")
    private List<String> tasks = List.of("explain", "queries");

    @Mixin
    private TuningOptions options = new TuningOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Set<Task> chosen = tasks();
        List<TrainingRecord> records = new ArrayList<>();
        data.forEach(file -> records.addAll(TrainingRecord.read(file)));
        List<TrainingRecord> held = dev == null ? List.of() : TrainingRecord.read(dev);
        Path start = start();
        Tuning tuning =
                new Tuning(start, adapter, out, options.training(start, adapter), options.settings(evaluateEvery));
        tuning.run(
                checkpoint -> {
                    ExampleMaker maker = new ExampleMaker(checkpoint, options.maxLength);
                    List<Example> examples = maker.of(records, chosen);
                    return new Tuning.Source.Examples(examples, held.isEmpty() ? List.of() : maker.of(held, chosen));
                },
                new TuningBar("distill", spec.commandLine().getOut()));
        spec.commandLine().getOut().println("written to " + out);
        return 0;
    }

    /** The model to start from. Fresh weights are a function of the seed, so they are the same when a run goes on. */
    private Path start() throws IOException {
        if (!fromScratch) {
            return base;
        }
        if (!options.full) {
            throw new InvalidInputException("--from-scratch leaves nothing for an adapter to build on: add --full");
        }
        Path start = out.resolve("start");
        if (!Files.exists(start.resolve("model.safetensors"))) {
            CheckpointFolder.writeUntrained(base, start, options.seed);
        }
        return start;
    }

    private Set<Task> tasks() {
        Set<Task> chosen = EnumSet.noneOf(Task.class);
        for (String name : tasks) {
            try {
                chosen.add(Task.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new InvalidInputException("--tasks '" + name + "' is not known: use explain, label, queries", e);
            }
        }
        return chosen;
    }
}

package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.train.annotation.Task;
import dev.whyrank.train.refinement.Asked;
import dev.whyrank.train.refinement.Pair;
import dev.whyrank.train.refinement.Refinement;
import dev.whyrank.train.refinement.Sampler;
import dev.whyrank.train.refinement.Scorer;
import dev.whyrank.train.refinement.Topic;
import dev.whyrank.train.refinement.Weighing;
import dev.whyrank.train.refinement.Weighing.Scored;
import dev.whyrank.train.tuning.Chance;
import dev.whyrank.train.tuning.TrainingRecord;
import dev.whyrank.train.tuning.Tuning;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code whyrank refine}: lets a model learn from its own best answers. */
@Command(
        name = "refine",
        mixinStandardHelpOptions = true,
        description = {
            "Samples answers from a distilled model, rewards them, and lets the model learn the best, weighed by reward.",
            "Give questions that the model has not been distilled on.",
            "A run that was interrupted goes on where it stopped if it is started again with the same --out."
        })
final class RefineCommand implements Callable<Integer> {

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Folder of the model.")
    private Path model = Path.of("");

    @Option(names = "--adapter", paramLabel = "DIR", description = "Its adapter, which goes on learning.")
    private @Nullable Path adapter;

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "Records that a teacher annotated.")
    private Path data = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "A folder for each round goes here.")
    private Path out = Path.of("");

    @Option(names = "--rounds", paramLabel = "N", description = "(default: 1).")
    private int rounds = 1;

    @Option(names = "--samples", paramLabel = "K", description = "Answers to each pair (default: 8).")
    private int samples = 8;

    @Option(names = "--temperature", paramLabel = "T", description = "At which they are drawn (default: 1).")
    private float temperature = 1;

    @Option(names = "--max-new-tokens", paramLabel = "N", description = "Of an answer (default: 512).")
    private int maxNewTokens = 512;

    @Option(names = "--slots", paramLabel = "N", description = "Answers written at once (default: 33).")
    private int slots = 33;

    @Option(
            names = "--min-reward",
            paramLabel = "R",
            description = "Least reward to learn from, in [0, 1] within a pair (default: 0.85).")
    private double minReward = Weighing.DEFAULT.minReward();

    @Option(
            names = "--boosting",
            description = "Rewards are multiplied by how often the model differs from the teacher.")
    private boolean boosting;

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "T",
            description = "explain (labels and explanations), queries, or both (default: explain).")
    private List<Task> tasks = List.of(Task.EXPLAIN);

    @Mixin
    private RewardOptions rewards = new RewardOptions();

    @Mixin
    private TuningOptions options = new TuningOptions();

    @ParentCommand
    private @Nullable WhyrankCli root;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (rounds < 1
                || samples < 1
                || !(temperature > 0)
                || minReward < 0
                || minReward > 1
                || maxNewTokens < 1
                || slots < 1) {
            throw new InvalidInputException("--rounds, --samples, --slots and --max-new-tokens must be 1 or more,"
                    + " --temperature above 0, --min-reward in [0, 1]");
        }
        rewards.check();
        List<Asked> asked = asked(TrainingRecord.read(data));
        Path current = model;
        Path learning = adapter;
        for (int round = 1; round <= rounds; round++) {
            Path target = out.resolve("round-" + round);
            round(asked, round, current, learning, target);
            if (options.full) {
                current = target;
            } else {
                learning = target;
            }
        }
        return 0;
    }

    private List<Asked> asked(List<TrainingRecord> records) {
        List<Asked> asked = new ArrayList<>();
        if (tasks.contains(Task.EXPLAIN)) {
            asked.addAll(Pair.of(records));
        }
        if (tasks.contains(Task.QUERIES)) {
            asked.addAll(Topic.of(records, asked.size()));
        }
        if (asked.isEmpty()) {
            throw new InvalidInputException(
                    data + " holds nothing that a teacher wrote for these --tasks; annotate it, or choose others");
        }
        return asked;
    }

    private void round(List<Asked> asked, int round, Path current, @Nullable Path learning, Path target)
            throws IOException {
        TorchOptions sampling = new TorchOptions(
                options.precision, options.device, options.threads, slots, options.maxLength, new int[0]);
        Sampler.Settings settings =
                new Sampler.Settings(samples, temperature, maxNewTokens, Chance.seed(options.seed, round));
        Refinement refinement = new Refinement(
                current, learning, sampling, settings, new Weighing(minReward, boosting, Weighing.DEFAULT.power()));
        // All options are looked at before the first answer is sampled.
        Tuning tuning = new Tuning(
                current, learning, target, options.training(current, learning), options.settings(Integer.MAX_VALUE));
        PrintWriter console = spec.commandLine().getOut();
        AskingBar bar = new AskingBar("judge");
        Map<String, String> environment = root == null ? Map.of() : root.environment();
        Scorer scorer = rewards.scorer(sampling, environment, out, bar, console);
        if (Files.exists(tuning.result())) {
            console.println("round " + round + ": was finished before");
        } else {
            List<Scored> scored;
            try {
                scored = refinement.score(asked, scorer, target);
            } finally {
                bar.over();
            }
            tell(round, refinement.summary(scored), console);
            Refinement.writePreferences(scored, target.resolve("preferences.jsonl"));
            refinement.learn(scored, tuning, new TuningBar("round " + round, console));
            console.println("written to " + target);
        }
        refinement
                .sampled(asked)
                .with("reward", scorer.name())
                .with("weighing", refinement.weighing().toString())
                .with(
                        "learning",
                        tuning.settings() + " " + tuning.options().precision() + " "
                                + tuning.options().adapter())
                .keep(target.resolve("round.json"));
    }

    private void tell(int round, Refinement.Summary summary, PrintWriter console) {
        String asked = tasks.contains(Task.QUERIES) ? "pairs and questions" : "pairs";
        String agreement = Double.isNaN(summary.labelAgreement())
                ? ""
                : String.format(Locale.ROOT, ", labels as the teacher's %.3f", summary.labelAgreement());
        String leftOut = summary.leftOut() == 0 ? "" : ", " + summary.leftOut() + " left out without a reward";
        console.printf(
                Locale.ROOT,
                "round %d: %d answers to %d %s, mean reward %.3f%s; %d answers to learn%s%n",
                round,
                summary.answers(),
                summary.asked(),
                asked,
                summary.meanReward(),
                agreement,
                summary.learnt(),
                leftOut);
    }
}

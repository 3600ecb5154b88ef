package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.rerank.remote.ChatEndpoint;
import dev.whyrank.train.refinement.Scorer;
import dev.whyrank.train.reward.CheckpointScorer;
import dev.whyrank.train.reward.JudgeReport;
import dev.whyrank.train.reward.JudgeScorer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who rewards answers: a judge elsewhere, a reward model, or neither. */
final class RewardOptions {

    @Option(
            names = "--reward-url",
            paramLabel = "URL",
            description = "A judge's endpoint, such as https://host/v1 (default: agreement with the teacher).")
    private @Nullable String url;

    @Option(names = "--reward-model", paramLabel = "M", description = "The judge's name there.")
    private @Nullable String model;

    @Option(
            names = "--reward-concurrency",
            paramLabel = "N",
            description = "Calls of the judge at the same time (default: 8).")
    private int concurrency = 8;

    @Option(
            names = "--reward-requests-per-minute",
            paramLabel = "N",
            description = "At most so many calls of the judge (default: no bound).")
    private int perMinute;

    @Option(
            names = "--reward-attempts",
            paramLabel = "N",
            description = "For one answer of the judge, the first included (default: 6).")
    private int attempts = 6;

    @Option(
            names = "--api-key-variable",
            paramLabel = "NAME",
            description = "Environment variable that has the judge's key (default: OPENAI_API_KEY).")
    private String keyVariable = "OPENAI_API_KEY";

    @Option(
            names = "--reward-checkpoint",
            paramLabel = "DIR",
            description = "A reward model: ...ForSequenceClassification with one label, on this machine.")
    private @Nullable Path checkpoint;

    void check() {
        if ((url == null) != (model == null)) {
            throw new InvalidInputException("--reward-url and --reward-model go together; give both or neither");
        }
        if (url != null && checkpoint != null) {
            throw new InvalidInputException("give either --reward-url or --reward-checkpoint");
        }
        if (concurrency < 1 || attempts < 1 || perMinute < 0) {
            throw new InvalidInputException("--reward-concurrency and --reward-attempts must be 1 or more,"
                    + " --reward-requests-per-minute must not be negative");
        }
    }

    /**
     * The scorer of one round.
     *
     * @param holding how a reward model is held
     * @param out the run's folder, which keeps what a judge said
     */
    Scorer scorer(TorchOptions holding, Map<String, String> environment, Path out, AskingBar bar, PrintWriter console) {
        if (checkpoint != null) {
            return new CheckpointScorer(checkpoint, holding);
        }
        if (url == null || model == null) {
            return Scorer.agreement();
        }
        return new JudgeScorer(
                ChatEndpoint.of(url, model, environment.get(keyVariable)),
                Patience.policy(attempts, Patience.IDLE_SECONDS, concurrency, perMinute),
                out.resolve("rewards.answers.jsonl"),
                bar,
                report -> tell(report, console));
    }

    private static void tell(JudgeReport report, PrintWriter console) {
        int leftOut =
                report.leftOut().values().stream().mapToInt(Integer::intValue).sum();
        console.printf(
                "judge: %d answers to score: %d calls now, %d left out %s; %d retries%n",
                report.answers(), report.asked(), leftOut, report.leftOut(), report.retries());
        console.printf(
                "judge: this round now %d tokens read, %d written; all runs %d read, %d written%n",
                report.spent().prompt(),
                report.spent().completion(),
                report.total().prompt(),
                report.total().completion());
        console.flush();
    }
}

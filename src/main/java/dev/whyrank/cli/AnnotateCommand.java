package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatClient;
import dev.whyrank.rerank.remote.ChatEndpoint;
import dev.whyrank.rerank.remote.ChatPolicy;
import dev.whyrank.rerank.remote.ChatUsage;
import dev.whyrank.train.annotation.Annotation;
import dev.whyrank.train.annotation.AnnotationReport;
import dev.whyrank.train.annotation.AnnotationSettings;
import dev.whyrank.train.annotation.StackExchangeRecords;
import dev.whyrank.train.annotation.Task;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code whyrank annotate}: lets a teacher label, explain and write queries; or makes records that it can annotate. */
@Command(
        name = "annotate",
        mixinStandardHelpOptions = true,
        description = {
            "Lets a teacher behind an OpenAI-compatible endpoint annotate records, or makes records from a dump.",
            "A run that was interrupted goes on where it stopped if it is started again with the same --out;",
            "no answer is paid for twice."
        })
final class AnnotateCommand implements Callable<Integer> {

    private static final double MILLION = 1e6;

    @Parameters(arity = "0..1", paramLabel = "IN.jsonl", description = "Records; documents with a label keep it.")
    private @Nullable Path in;

    @Option(
            names = "--from-stackexchange",
            paramLabel = "DIR",
            description = "Make unlabelled records of the dump in this folder (Posts.xml, PostLinks.xml) instead.")
    private @Nullable Path dump;

    @Option(names = "--out", required = true, paramLabel = "OUT.jsonl", description = "Where records go.")
    private Path out = Path.of("");

    @Option(names = "--teacher-url", paramLabel = "URL", description = "The endpoint, such as https://host/v1.")
    private @Nullable String url;

    @Option(names = "--teacher-model", paramLabel = "M", description = "The teacher's name there.")
    private @Nullable String model;

    @Option(
            names = "--api-key-variable",
            paramLabel = "NAME",
            description = "Environment variable that has the endpoint's key (default: OPENAI_API_KEY).")
    private String keyVariable = "OPENAI_API_KEY";

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "T",
            description = "explain (labels and explanations), queries, or both (default: explain,queries).")
    private List<Task> tasks = List.of(Task.EXPLAIN, Task.QUERIES);

    @Option(names = "--concurrency", paramLabel = "N", description = "Calls at the same time (default: 8).")
    private int concurrency = 8;

    @Option(names = "--requests-per-minute", paramLabel = "N", description = "At most so many (default: no bound).")
    private int perMinute;

    @Option(names = "--attempts", paramLabel = "N", description = "For one answer, the first included (default: 6).")
    private int attempts = 6;

    @Option(
            names = "--idle-seconds",
            paramLabel = "S",
            description = "How long an answer may be silent before it is asked for again (default: 120).")
    private int idleSeconds = Patience.IDLE_SECONDS;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Of an answer (default: 1024).")
    private int maxTokens = 1024;

    @Option(
            names = "--document-characters",
            paramLabel = "N",
            description = "What of a document the teacher is shown (default: 32000).")
    private int documentCharacters = 32_000;

    @Option(names = "--again-rejected", description = "Ask again for answers that could not be used.")
    private boolean againRejected;

    @Option(names = "--price-in", paramLabel = "P", description = "Of a million tokens read, for the report.")
    private double priceIn;

    @Option(names = "--price-out", paramLabel = "P", description = "Of a million tokens written.")
    private double priceOut;

    @Option(
            names = "--questions",
            paramLabel = "N",
            description = "Of a dump: so many, drawn by --seed (default: all).")
    private int questions;

    @Option(names = "--negatives", paramLabel = "N", description = "Of a dump: hard negatives each (default: 1).")
    private int negatives = 1;

    @Option(names = "--linked", paramLabel = "N", description = "Of a dump: most linked answers each (default: 3).")
    private int linked = 3;

    @Option(names = "--seed", paramLabel = "S", description = "Of the draw (default: 0).")
    private long seed;

    @ParentCommand
    private @Nullable WhyrankCli root;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        if ((in == null) == (dump == null)) {
            throw new InvalidInputException("give either a file of records or --from-stackexchange");
        }
        PrintWriter console = spec.commandLine().getOut();
        if (dump != null) {
            if (url != null || model != null) {
                throw new InvalidInputException(
                        "--teacher-url and --teacher-model do nothing with --from-stackexchange; annotate what it writes");
            }
            int written = StackExchangeRecords.write(
                    dump, out, new StackExchangeRecords.Settings(questions, negatives, linked, seed));
            console.printf("%d questions (seed %d) written to %s%n", written, seed, out);
        } else if (in != null) {
            annotate(in, console);
        }
        console.flush();
        return 0;
    }

    private void annotate(Path records, PrintWriter console) throws InterruptedException {
        if (url == null || model == null) {
            throw new InvalidInputException("--teacher-url and --teacher-model are missing; say who is to annotate");
        }
        if (concurrency < 1 || attempts < 1 || perMinute < 0 || idleSeconds < 1) {
            throw new InvalidInputException("--concurrency, --attempts and --idle-seconds must be 1 or more,"
                    + " --requests-per-minute must not be negative");
        }
        if (records.toAbsolutePath().normalize().equals(out.toAbsolutePath().normalize())) {
            throw new InvalidInputException("--out is the file of records itself; give another");
        }
        Set<Task> wanted = tasks.isEmpty() ? EnumSet.noneOf(Task.class) : EnumSet.copyOf(tasks);
        AnnotationSettings settings =
                new AnnotationSettings(records, out, wanted, maxTokens, documentCharacters, concurrency, againRejected);
        String key = root == null ? null : root.environment().get(keyVariable);
        ChatPolicy policy = Patience.policy(attempts, idleSeconds, concurrency, perMinute);
        AskingBar bar = new AskingBar("annotate");
        try (ChatClient client = new ChatClient(ChatEndpoint.of(url, model, key), policy)) {
            AnnotationReport report = new Annotation(client, settings, bar).run();
            tell(report, console);
            requireComplete(report, bar);
        } finally {
            bar.over();
        }
    }

    private void tell(AnnotationReport report, PrintWriter console) {
        int rejected =
                report.rejected().values().stream().mapToInt(Integer::intValue).sum();
        console.printf(
                "%d answers wanted: %d asked for now, %d rejected %s, %d missing; %d retries; %d documents cut%n",
                report.answers(),
                report.asked(),
                rejected,
                report.rejected(),
                report.missing(),
                report.retries(),
                report.cut());
        console.printf("this run: %s; all runs: %s%n", cost(report.spent()), cost(report.total()));
        console.printf("written to %s%n", out);
        if (rejected > 0) {
            console.printf("what was rejected, and why: %s.rejected.jsonl%n", out);
        }
        console.flush();
    }

    private String cost(ChatUsage usage) {
        String tokens = usage.prompt() + " tokens read, " + usage.completion() + " written";
        double price = (usage.prompt() * priceIn + usage.completion() * priceOut) / MILLION;
        return priceIn + priceOut > 0 ? tokens + String.format(Locale.ROOT, ", cost %.4f", price) : tokens;
    }

    private void requireComplete(AnnotationReport report, AskingBar bar) {
        if (report.missing() > 0 && !bar.stopRequested()) {
            throw new InvalidInputException(report.missing() + " of " + report.answers()
                    + " answers are missing; the teacher at " + url + " " + report.lastFailure()
                    + "; what it did answer is kept: start again to go on");
        }
    }
}

package dev.whyrank.cli;

import dev.whyrank.evaluate.CollectionOptions;
import dev.whyrank.evaluate.Evaluation;
import dev.whyrank.evaluate.EvaluationSettings;
import dev.whyrank.evaluate.FirstStage;
import dev.whyrank.evaluate.Mode;
import dev.whyrank.evaluate.RemoteReranker;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.Reranker;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ranks a collection with judgements and says how well, against the first stage. */
@Command(
        name = "evaluate",
        description = {
            "Reranks a collection that has judgements and measures what that gains.",
            "A run that was interrupted goes on where it stopped if it is started again with the same --out."
        },
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {

    /** Of no model, and of one behind a service, which tells its name only. */
    private static final String NO_IDENTITY = "not known";

    @Parameters(
            paramLabel = "COLLECTION",
            description =
                    "A BEIR folder, a BRIGHT folder, or distillation records (a .jsonl file or a folder of them).")
    private Path collection = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Folder or name of a model, or lab (default: the embedded one).")
    private @Nullable String model;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Use the Whyrank service there instead of a local model.")
    private @Nullable String url;

    @Option(names = "--api-key", paramLabel = "KEY", description = "Key for the service at --url.")
    private @Nullable String apiKey;

    @Option(
            names = "--first-stage",
            paramLabel = "bm25|run:FILE|given",
            description = "Where candidates come from: BM25, a TREC run, or each question's own (default: bm25).")
    private String firstStage = "bm25";

    @Option(
            names = "--query-weights",
            description = "BM25 weighs the query's words as if it were a document, as BRIGHT's baseline does.")
    private boolean queryWeights;

    @Option(names = "--depth", paramLabel = "N", description = "Candidates of a query (default: 100).")
    private int depth = 100;

    @Option(
            names = "--mode",
            paramLabel = "MODES",
            description = "explain, label-only, first-stage, or several with commas, the principal one first"
                    + " (default: explain,label-only).")
    private String modes = "explain,label-only";

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "Weight of the model's score in the fused one (default: 0.7).")
    private double alpha = Options.DEFAULT.alpha();

    @Option(
            names = "--max-explanation-tokens",
            paramLabel = "N",
            description = "Tokens after which a label is forced (default: 512).")
    private int explanationTokens = Options.DEFAULT.maxExplanationTokens();

    @Option(names = "--instruction", paramLabel = "TEXT", description = "A custom definition of relevance.")
    private @Nullable String instruction;

    @Option(names = "--queries", paramLabel = "N", description = "Sample so many queries (default: all).")
    private int queries;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Queries judged at the same time; what shares a batch can move the last digits of "
                    + "scores (default: 4).")
    private int inFlight = 4;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of everything random (default: 0).")
    private long seed;

    @Option(names = "--long-documents", description = "BRIGHT: whole pages instead of passages.")
    private boolean longDocuments;

    @Option(
            names = "--reasoning",
            paramLabel = "NAME",
            description = "BRIGHT: queries rewritten by this model, for instance gpt4.")
    private @Nullable String reasoning;

    @Option(names = "--qrels", paramLabel = "FILE", description = "Judgements to use instead of a BEIR folder's own.")
    private @Nullable Path qrels;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for runs, per-query values, report and charts.")
    private @Nullable Path out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final RerankerFactory factory;
    private List<String> unanswered = List.of();

    EvaluateCommand(RerankerFactory factory) {
        this.factory = factory;
    }

    /** Ends with 1 if in a mode of a set nothing was judged. */
    @Override
    public Integer call() throws Exception {
        if (model != null && url != null) {
            throw new InvalidInputException("--model and --url exclude each other; give one");
        }
        if (explanationTokens < 1) {
            throw new InvalidInputException("--max-explanation-tokens is " + explanationTokens + "; give 1 or more");
        }
        EvaluationSettings settings = settings();
        String told = out == null ? "interrupted" : "interrupted; start it again to go on";
        int status = OrderlyEnd.interrupting(spec.commandLine().getErr(), told, () -> evaluate(settings));
        return status == 0 && !unanswered.isEmpty() ? CommandLine.ExitCode.SOFTWARE : status;
    }

    private void evaluate(EvaluationSettings settings) throws InterruptedException {
        if (settings.modes().equals(List.of(Mode.FIRST_STAGE))) {
            evaluate(null, NO_IDENTITY, settings);
        } else if (url != null) {
            evaluate(new RemoteReranker(url, apiKey), NO_IDENTITY, settings);
        } else {
            try (RerankerFactory.Opened opened = factory.open(model)) {
                evaluate(opened.reranker(), opened.identity(), settings);
            }
        }
    }

    private void evaluate(@Nullable Reranker reranker, String identity, EvaluationSettings settings)
            throws InterruptedException {
        Evaluation.Summary summary = new Evaluation(reranker, identity, settings, new EvaluationBar()).run();
        PrintWriter console = spec.commandLine().getOut();
        console.print(summary.tables());
        console.flush();
        unanswered = summary.unanswered();
        unanswered.forEach(spec.commandLine().getErr()::println);
    }

    private EvaluationSettings settings() {
        Options options = new Options(
                true,
                Options.DEFAULT.explainTopN(),
                explanationTokens,
                Options.DEFAULT.maxDocumentTokens(),
                true,
                alpha,
                null,
                instruction);
        return new EvaluationSettings(
                collection,
                new CollectionOptions(longDocuments, reasoning, qrels),
                new FirstStage(firstStage, depth, queryWeights),
                Mode.parse(modes),
                options,
                queries,
                inFlight,
                seed,
                out);
    }
}

package dev.whyrank.cli;

import dev.whyrank.evaluate.CollectionOptions;
import dev.whyrank.evaluate.Evaluation;
import dev.whyrank.evaluate.EvaluationSettings;
import dev.whyrank.evaluate.FirstStage;
import dev.whyrank.evaluate.Mode;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.train.laboratory.Arm;
import dev.whyrank.train.laboratory.Claims;
import dev.whyrank.train.laboratory.ClaimsReport;
import dev.whyrank.train.laboratory.ExamPaper;
import dev.whyrank.train.laboratory.LaboratoryRun;
import dev.whyrank.train.laboratory.LaboratoryScale;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code whyrank lab}: tests the paper's claims where the truth is known. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a tiny reasoner in a generated world, with explanations and without, refines it, and examines it.",
            "A run that was interrupted goes on where it stopped if it is started again with the same --out."
        })
final class LabCommand implements Callable<Integer> {

    private static final int DOCUMENTS = 100;
    private static final int IN_FLIGHT = 8;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where data, models and report go.")
    private Path out = Path.of("");

    @Option(names = "--seed", paramLabel = "S", description = "Of the world, the tests and the model (default: 1).")
    private long seed = 1;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "libtorch's (default: 1; so small a model gains nothing from more).")
    private int threads = 1;

    @Option(names = "--smoke", description = "A few steps only: shows that it works, and no claim.")
    private boolean smoke;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final RerankerFactory factory;

    LabCommand(RerankerFactory factory) {
        this.factory = factory;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter console = spec.commandLine().getOut();
        LaboratoryScale scale = smoke ? LaboratoryScale.SMOKE : LaboratoryScale.FULL;
        LaboratoryRun run = new LaboratoryRun(out, seed, threads, scale, name -> new TuningBar(name, console));
        for (Map.Entry<Arm, Path> model : run.run().entrySet()) {
            examine(model.getKey(), model.getValue());
        }
        String tables = new ClaimsReport(new Claims(List.of(out))).markdown();
        Files.writeString(out.resolve("report.md"), tables);
        console.print(tables);
        console.flush();
        return 0;
    }

    /** As {@code whyrank evaluate --first-stage given} does it. */
    private void examine(Arm arm, Path model) throws InterruptedException {
        try (RerankerFactory.Opened opened = factory.open(model.toString())) {
            for (ExamPaper paper : ExamPaper.values()) {
                new Evaluation(opened.reranker(), opened.identity(), settings(arm, paper), new EvaluationBar()).run();
            }
        }
    }

    private EvaluationSettings settings(Arm arm, ExamPaper paper) {
        Options options = new Options(
                true,
                Options.DEFAULT.explainTopN(),
                LaboratoryRun.ANSWER,
                Options.DEFAULT.maxDocumentTokens(),
                true,
                1,
                null,
                null);
        return new EvaluationSettings(
                paper.records(out),
                CollectionOptions.DEFAULT,
                new FirstStage("given", DOCUMENTS, false),
                List.of(arm.explains() ? Mode.EXPLAIN : Mode.LABEL_ONLY),
                options,
                0,
                IN_FLIGHT,
                seed,
                paper.answers(out, arm));
    }
}

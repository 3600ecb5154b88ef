package dev.whyrank.cli;

import dev.whyrank.evaluate.Confusion;
import dev.whyrank.evaluate.LabelledRecords;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.OrdinalScale;
import dev.whyrank.train.EvidenceStudy;
import dev.whyrank.train.LabelWorth;
import dev.whyrank.train.LabelledQuestion;
import dev.whyrank.train.Measured;
import dev.whyrank.train.ScaleFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whyrank evidence}: measures the embedded default on labelled records, and fits it. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        description =
                "Measures the embedded default on labelled records beside BM25 and the plain cosine, and fits it.")
final class EvidenceCommand implements Callable<Integer> {

    /** Accuracy alone would never give the rare label in the middle. */
    private static final LabelWorth WORTH = counts -> {
        Confusion confusion = new Confusion(counts);
        return confusion.accuracy() + confusion.macroF1();
    };

    @Parameters(index = "0", paramLabel = "FILE", description = "Labelled records, one JSON object per line.")
    private Path file = Path.of("");

    @Option(names = "--train", paramLabel = "FILE", description = "Other records, to cross-validate on.")
    private @Nullable Path train;

    @Option(names = "--fit", paramLabel = "FILE", description = "Fits on --train, tunes cuts on FILE, writes here.")
    private @Nullable Path fit;

    @Option(names = "--seed", defaultValue = "1", description = "Of folds and resamples (default: 1).")
    private long seed;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or cuda:N (default: auto).")
    private String device = "auto";

    @Option(names = "--threads", defaultValue = "0", description = "Of libtorch; 0 for its own choice (default: 0).")
    private int threads;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (fit != null && train == null) {
            throw new InvalidInputException("--fit needs --train: the records to fit on");
        }
        List<LabelledQuestion> questions = LabelledRecords.read(file, LabelledQuestion::new);
        OrdinalScale scale = OrdinalScale.minilm();
        try (EvidenceStudy study = EvidenceStudy.open(device, threads)) {
            List<Measured> measured = study.measure(questions);
            if (train != null) {
                scale = crossValidate(study, LabelledRecords.read(train, LabelledQuestion::new), measured, scale);
            }
            measure(study, questions, measured, scale);
        }
        return 0;
    }

    private OrdinalScale crossValidate(
            EvidenceStudy study, List<LabelledQuestion> questions, List<Measured> tuning, OrdinalScale served) {
        List<Measured> measured = study.measure(questions);
        table().head(train + ", cross-validated", questions);
        table().baselines(questions, measured);
        table().judge(study.crossValidated(measured, WORTH, seed));
        out().println();
        if (fit == null) {
            return served;
        }
        OrdinalScale fitted = study.fit(measured, tuning, WORTH, seed);
        write(
                fit,
                ScaleFile.text(
                        fitted, "Made by: whyrank evidence dev.jsonl --train train.jsonl --fit FILE --seed " + seed));
        return fitted;
    }

    private static void write(Path to, String text) {
        try {
            Files.writeString(to, text);
        } catch (IOException e) {
            throw new InvalidInputException(to + " cannot be written: " + e.getMessage());
        }
    }

    private void measure(
            EvidenceStudy study, List<LabelledQuestion> questions, List<Measured> measured, OrdinalScale scale) {
        table().head(file.toString(), questions);
        table().baselines(questions, measured);
        EvidenceStudy.Outcome outcome = study.outcome(questions, scale);
        table().judge(outcome.judged());
        out().printf(
                        Locale.ROOT,
                        "A document with the best label comes first in %d of %d questions; %d of %d quotes are verbatim.%n",
                        outcome.bestFirst(),
                        questions.size(),
                        outcome.verbatim(),
                        outcome.quotes());
    }

    private EvidenceTable table() {
        return new EvidenceTable(out(), seed);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

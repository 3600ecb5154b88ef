package dev.whyrank.train.laboratory;

import dev.whyrank.train.laboratory.Exam.Marks;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Examines models and writes the table, {@code report.md}. */
final class LaboratoryReport {

    private final Path out;
    private final int threads;
    private final StringBuilder table = new StringBuilder("""
            | model | labels right | derivations right | labels right, one link longer |
            |---|---|---|---|
            """);

    LaboratoryReport(Path out, int threads) {
        this.out = out;
        this.threads = threads;
    }

    LaboratoryReport row(String name, Path model, Task task) {
        Marks trained = Exam.take(model, task, out.resolve("test.jsonl"), threads);
        Marks longer = Exam.take(model, task, out.resolve("longer.jsonl"), threads);
        table.append(String.format(
                Locale.ROOT,
                "| %s | %.3f ± %.3f | %s | %.3f ± %.3f |%n",
                name,
                trained.labelAccuracy(),
                trained.margin(),
                task == Task.LABEL ? "-" : String.format(Locale.ROOT, "%.3f", trained.derivationAccuracy()),
                longer.labelAccuracy(),
                longer.margin()));
        return this;
    }

    String text() throws IOException {
        Files.writeString(out.resolve("report.md"), table);
        return table.toString();
    }
}

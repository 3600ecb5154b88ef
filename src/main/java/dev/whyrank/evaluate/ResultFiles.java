package dev.whyrank.evaluate;

import dev.whyrank.evaluate.CollectionResult.ModeResult;
import dev.whyrank.model.InvalidInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Writes what an evaluation found: runs, per-query values, the report, charts. */
final class ResultFiles {

    private ResultFiles() {}

    /** Makes sure of a folder before hours are spent. */
    static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InvalidInputException(folder + ": cannot be made a folder; give another --out", e);
        }
    }

    static void write(Path folder, CollectionResult result) {
        try {
            for (Map.Entry<String, Map<String, List<Run.Scored>>> run :
                    result.runs().entrySet()) {
                TrecFiles.writeRun(folder.resolve(run.getKey()), run.getValue(), "whyrank");
            }
            writePerQuery(folder.resolve("per-query.tsv"), result);
            writeReport(folder, MarkdownReport.full(result));
            Charts.measures(folder.resolve("measures.png"), result);
            if (!result.systems().isEmpty()) {
                Charts.differences(folder.resolve("per-query-difference.png"), result);
            }
            for (ModeResult mode : result.modes()) {
                LabelQuality labels = mode.labels();
                if (labels != null && labels.count() > 0) {
                    Charts.reliability(
                            folder.resolve("reliability-" + mode.mode().title() + ".png"), labels);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void writeReport(Path folder, String markdown) {
        try {
            Files.writeString(folder.resolve("report.md"), markdown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void addToReport(Path folder, String markdown) {
        try {
            Files.writeString(folder.resolve("report.md"), markdown, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writePerQuery(Path file, CollectionResult result) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("query\tsystem\tmeasure\tvalue\n");
            for (Scores scores : result.rows()) {
                for (Map.Entry<String, double[]> query : scores.perQuery().entrySet()) {
                    for (int i = 0; i < query.getValue().length; i++) {
                        out.write(query.getKey() + "\t" + scores.system() + "\t"
                                + scores.measures().get(i).title() + "\t"
                                + MarkdownTable.number(query.getValue()[i]) + "\n");
                    }
                }
            }
        }
    }
}

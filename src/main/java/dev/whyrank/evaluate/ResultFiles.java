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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what an evaluation found: runs, per-query values, the report, charts. */
final class ResultFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ResultFiles.class);

    /** Draws into a file. */
    interface Chart {
        void draw(Path file) throws IOException;
    }

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
            draw(folder.resolve("measures.png"), file -> Charts.measures(file, result));
            if (!result.systems().isEmpty()) {
                draw(folder.resolve("per-query-difference.png"), file -> Charts.differences(file, result));
            }
            for (ModeResult mode : result.modes()) {
                LabelQuality labels = mode.labels();
                if (labels != null && labels.count() > 0) {
                    String name = "reliability-" + mode.mode().title() + ".png";
                    draw(folder.resolve(name), file -> Charts.reliability(file, labels));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does without a chart where the machine cannot draw: numbers are worth more, and other sets may follow. */
    static void draw(Path file, Chart chart) throws IOException {
        try {
            chart.draw(file);
        } catch (LinkageError | InternalError e) {
            LOG.warn("{} could not be drawn: Java needs libfreetype, fontconfig and a font ({})", file, e.toString());
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

package dev.whyrank.evaluate;

import static dev.whyrank.evaluate.MarkdownTable.number;

import dev.whyrank.evaluate.CollectionResult.ModeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How a mode answered, in tables; pure. */
final class ModeReport {

    private ModeReport() {}

    static String of(ModeResult result) {
        StringBuilder text = new StringBuilder();
        text.append("## Answers: ").append(result.mode().title()).append("\n\n").append(answers(result.stats()));
        LabelQuality labels = result.labels();
        if (labels != null && labels.count() > 0) {
            text.append("## Labels: ")
                    .append(result.mode().title())
                    .append("\n\n")
                    .append(labels(labels));
        }
        ExplanationQuality explanations = result.explanations();
        if (explanations != null && explanations.count() > 0) {
            text.append("## Explanations\n\n").append(explanations(explanations));
        }
        return text.toString();
    }

    private static String answers(AnswerStats stats) {
        String sources = stats.sources().entrySet().stream()
                .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return new MarkdownTable(List.of("what", "value"))
                .row(List.of("queries (failed)", stats.queries() + " (" + stats.failedQueries() + ")"))
                .row(List.of("documents (failed)", stats.documents() + " (" + stats.failedDocuments() + ")"))
                .row(List.of("documents cut to fit", String.valueOf(stats.truncated())))
                .row(List.of("labels by source", sources))
                .row(List.of("prompt tokens a document, computed", decimal(stats.promptTokens())))
                .row(List.of("prompt tokens a document, shared", decimal(stats.cachedTokens())))
                .row(List.of("tokens written a document", decimal(stats.completionTokens())))
                .row(List.of("seconds a query, p50", decimal(stats.p50())))
                .row(List.of("seconds a query, p95", decimal(stats.p95())))
                .toString();
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String labels(LabelQuality labels) {
        MarkdownTable means = new MarkdownTable(List.of("judged documents", "value"))
                .row(List.of("count", String.valueOf(labels.count())))
                .row(List.of("accuracy", number(labels.confusion().accuracy())))
                .row(List.of("macro-F1", number(labels.confusion().macroF1())))
                .row(List.of("calibration error", number(labels.calibrationError())));
        List<String> header = new ArrayList<>(List.of("judged \\ given"));
        labels.labels().forEach(label -> header.add(String.valueOf(label)));
        MarkdownTable confusion = new MarkdownTable(header);
        for (int row = 0; row < labels.labels().size(); row++) {
            List<String> cells =
                    new ArrayList<>(List.of(String.valueOf(labels.labels().get(row))));
            IntStream.of(labels.confusion().counts()[row]).forEach(count -> cells.add(String.valueOf(count)));
            confusion.row(cells);
        }
        return means.toString() + confusion + reliability(labels);
    }

    private static String reliability(LabelQuality labels) {
        MarkdownTable bins = new MarkdownTable(List.of("label probability", "labels", "mean", "right"));
        for (int i = 0; i < labels.bins().size(); i++) {
            LabelQuality.Bin bin = labels.bins().get(i);
            if (bin.count() > 0) {
                String range = String.format(Locale.ROOT, "%.1f to %.1f", i / 10.0, (i + 1) / 10.0);
                bins.row(List.of(range, String.valueOf(bin.count()), number(bin.confidence()), number(bin.accuracy())));
            }
        }
        return bins.toString();
    }

    private static String explanations(ExplanationQuality quality) {
        return new MarkdownTable(List.of("explanations", "value"))
                .row(List.of("count", String.valueOf(quality.count())))
                .row(List.of("with a verdict in words", String.valueOf(quality.withVerdict())))
                .row(List.of("of these, verdict agrees with label", number(quality.consistent())))
                .row(List.of("content words found in document or question", number(quality.grounded())))
                .row(List.of("quotations", String.valueOf(quality.quotes())))
                .row(List.of("of these, found verbatim", number(quality.verbatim())))
                .row(List.of("distinct across a question's documents", number(quality.distinct())))
                .toString();
    }
}

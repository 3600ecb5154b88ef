package dev.whyrank.evaluate;

import static dev.whyrank.evaluate.MarkdownTable.number;

import dev.whyrank.evaluate.CollectionResult.SystemResult;
import dev.whyrank.evaluate.Measure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Puts results into words and tables; pure. */
final class MarkdownReport {

    private static final List<Measure> SUMMARY = Stream.concat(
                    Measure.CUTOFFS.stream().map(cutoff -> new Measure(Kind.NDCG, cutoff)),
                    Stream.of(
                            new Measure(Kind.MAP, Measure.ALL),
                            new Measure(Kind.RECALL, 100),
                            new Measure(Kind.PRECISION, 10),
                            Measure.MRR))
            .toList();

    private MarkdownReport() {}

    /** The table of a collection that fits a terminal. */
    static String summary(CollectionResult result) {
        return "## " + result.name() + "\n\n" + measures(result.rows(), SUMMARY) + differences(result.systems())
                + failures(result);
    }

    private static String failures(CollectionResult result) {
        StringBuilder text = new StringBuilder();
        result.modes().forEach(mode -> {
            AnswerStats stats = mode.stats();
            if (stats.failedQueries() + stats.failedDocuments() > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        "%s: %d of %d queries failed and keep the first stage's order, and %d documents of others. First failure:"
                                + " %s%n%n",
                        mode.mode().title(),
                        stats.failedQueries(),
                        stats.queries(),
                        stats.failedDocuments(),
                        stats.firstFailure()));
            }
        });
        return text.toString();
    }

    /** Everything about a collection. */
    static String full(CollectionResult result) {
        StringBuilder text = new StringBuilder("# Evaluation of " + result.name() + "\n\n");
        MarkdownTable settings = new MarkdownTable(List.of("setting", "value"));
        result.settings().forEach((name, value) -> settings.row(List.of(name, value)));
        text.append(settings);
        for (Kind kind : List.of(Kind.NDCG, Kind.MAP, Kind.RECALL, Kind.PRECISION)) {
            List<Measure> cut = Measure.CUTOFFS.stream()
                    .map(cutoff -> new Measure(kind, cutoff))
                    .toList();
            text.append("## ").append(kind.title()).append("\n\n").append(measures(result.rows(), cut));
        }
        text.append("## Whole ranking\n\n")
                .append(measures(result.rows(), List.of(new Measure(Kind.MAP, Measure.ALL), Measure.MRR)))
                .append(differences(result.systems()));
        result.modes().forEach(mode -> text.append(ModeReport.of(mode)));
        return text.toString();
    }

    private static String measures(List<Scores> rows, List<Measure> measures) {
        MarkdownTable table = new MarkdownTable(header("system", measures));
        for (Scores scores : rows) {
            List<String> cells = new ArrayList<>(List.of(scores.system()));
            measures.forEach(measure -> cells.add(number(scores.mean(measure))));
            table.row(cells);
        }
        return table.toString();
    }

    private static List<String> header(String first, List<Measure> measures) {
        return Stream.concat(Stream.of(first), measures.stream().map(Measure::title))
                .toList();
    }

    private static String differences(List<SystemResult> systems) {
        if (systems.isEmpty()) {
            return "";
        }
        MarkdownTable table = new MarkdownTable(List.of(
                Measure.MAIN.title() + " against the first stage",
                "difference",
                "95% interval",
                "p",
                "better",
                "worse"));
        for (SystemResult system : systems) {
            Significance difference = system.difference();
            table.row(List.of(
                    system.scores().system(),
                    signed(difference.difference()),
                    "[" + signed(difference.low()) + ", " + signed(difference.high()) + "]",
                    number(difference.p()),
                    String.valueOf(difference.better()),
                    String.valueOf(difference.worse())));
        }
        return table + "p: paired randomisation, two-sided. Interval: bootstrap over queries.\n\n";
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }

    /** The mean over sets, in which every set counts the same whatever its number of queries. */
    static String average(List<CollectionResult> results) {
        List<String> header = new ArrayList<>(List.of(Measure.MAIN.title(), "average"));
        results.forEach(result -> header.add(result.name()));
        MarkdownTable table = new MarkdownTable(header);
        int systems = results.get(0).rows().size();
        for (int system = 0; system < systems; system++) {
            int row = system;
            double[] means = results.stream()
                    .mapToDouble(result -> result.rows().get(row).mean(Measure.MAIN))
                    .toArray();
            List<String> cells =
                    new ArrayList<>(List.of(results.get(0).rows().get(row).system()));
            cells.add(number(Arrays.stream(means).average().orElse(0)));
            Arrays.stream(means).forEach(mean -> cells.add(number(mean)));
            table.row(cells);
        }
        return "# Average over sets\n\n" + table;
    }

    /**
     * How much of the time was the tool's own.
     *
     * @param total of the whole collection, files and charts included
     * @param busy during which the reranker had work
     */
    static String time(Duration total, Duration busy) {
        double seconds = total.toMillis() / 1000.0;
        double own = seconds - busy.toMillis() / 1000.0;
        return String.format(
                Locale.ROOT,
                "## Time%n%nThis run took %.1f s, %.1f s (%.1f%%) of it without any query in the reranker: reading,"
                        + " indexing, searching, measuring, drawing.%n",
                seconds,
                own,
                seconds == 0 ? 0 : 100 * own / seconds);
    }
}

package dev.whyrank.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

/** A run's measures in the layout of trec_eval: name, query or {@code all}, value. */
public final class TrecTable {

    private final Run run;
    private final Qrels qrels;
    private final Scores scores;

    /**
     * Measures a run.
     *
     * @param retrievedOnly average over the queries that the run holds, instead of counting missing ones as 0
     */
    public TrecTable(Run run, Qrels qrels, List<Measure> measures, boolean retrievedOnly) {
        this.run = run;
        this.qrels = retrievedOnly
                ? qrels.only(qrels.queryIds().stream()
                        .filter(run.results()::containsKey)
                        .toList())
                : qrels;
        Map<String, List<String>> rankings = new LinkedHashMap<>();
        this.qrels.queryIds().forEach(id -> rankings.put(id, ids(run.ranked(id))));
        this.scores = Scores.of("run", measures, rankings, this.qrels);
    }

    private static List<String> ids(List<Run.Scored> ranked) {
        return ranked.stream().map(Run.Scored::documentId).toList();
    }

    /** The lines of the whole run, after those of each query if wanted. */
    public List<String> lines(boolean perQuery) {
        List<String> lines = new ArrayList<>();
        if (perQuery) {
            scores.perQuery().forEach((id, values) -> {
                for (int i = 0; i < values.length; i++) {
                    lines.add(line(scores.measures().get(i).name(), id, values[i]));
                }
            });
        }
        lines.add(line("num_q", qrels.queryIds().size()));
        lines.add(line("num_ret", count(id -> run.ranked(id).size())));
        lines.add(line("num_rel", count(id -> judged(id).relevant())));
        lines.add(line("num_rel_ret", count(id -> judged(id).relevantAt(Measure.ALL))));
        scores.measures().forEach(measure -> lines.add(line(measure.name(), "all", scores.mean(measure))));
        return lines;
    }

    private int count(ToIntFunction<String> perQuery) {
        return qrels.queryIds().stream().mapToInt(perQuery).sum();
    }

    private JudgedRanking judged(String queryId) {
        return JudgedRanking.of(ids(run.ranked(queryId)), qrels.of(queryId));
    }

    private static String line(String name, String query, double value) {
        return String.format(Locale.ROOT, "%-22s\t%s\t%6.4f", name, query, value);
    }

    private static String line(String name, int value) {
        return String.format(Locale.ROOT, "%-22s\tall\t%d", name, value);
    }
}

package dev.whyrank.cli;

import dev.whyrank.evaluate.Agreement;
import dev.whyrank.evaluate.Agreement.Estimate;
import dev.whyrank.train.EvidenceStudy;
import dev.whyrank.train.Judged;
import dev.whyrank.train.LabelledQuestion;
import dev.whyrank.train.Measured;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Rows of systems with their measures and intervals, as {@code whyrank evidence} prints them. */
final class EvidenceTable {

    private static final String ROW = "%-18s %-21s %-21s %-21s%n";

    private final PrintWriter out;
    private final long seed;

    /**
     * A table.
     *
     * @param seed of the intervals
     */
    EvidenceTable(PrintWriter out, long seed) {
        this.out = out;
        this.seed = seed;
    }

    void head(String title, List<LabelledQuestion> questions) {
        int documents = questions.stream()
                .mapToInt(question -> question.documents().size())
                .sum();
        out.println(title + ": " + questions.size() + " questions, " + documents + " documents");
        out.printf(ROW, "", "nDCG@3", "label accuracy", "macro-F1");
    }

    /** What ranks without labelling. */
    void baselines(List<LabelledQuestion> questions, List<Measured> measured) {
        out.printf(ROW, "BM25", ndcg(agreement(EvidenceStudy.bm25(questions))), "-", "-");
        out.printf(ROW, "MiniLM cosine", ndcg(agreement(EvidenceStudy.cosine(measured))), "-", "-");
    }

    void judge(List<List<Judged>> questions) {
        List<List<Agreement.Judged>> judged = agreement(questions);
        Estimate accuracy =
                Agreement.estimate(judged, drawn -> Agreement.confusion(drawn).accuracy(), seed);
        Estimate macroF1 =
                Agreement.estimate(judged, drawn -> Agreement.confusion(drawn).macroF1(), seed);
        out.printf(ROW, "embedded default", ndcg(judged), cell(accuracy), cell(macroF1));
    }

    private static List<List<Agreement.Judged>> agreement(List<List<Judged>> questions) {
        return questions.stream()
                .map(question -> question.stream()
                        .map(one -> new Agreement.Judged(one.label(), one.score(), one.given()))
                        .toList())
                .toList();
    }

    private String ndcg(List<List<Agreement.Judged>> judged) {
        return cell(Agreement.estimate(judged, Agreement::ndcg, seed));
    }

    private static String cell(Estimate estimate) {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", estimate.value(), estimate.low(), estimate.high());
    }
}

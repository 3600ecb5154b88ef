package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A measure of one query's ranking, as trec_eval defines it. All are 0 for a query without relevant documents.
 *
 * @param kind what is measured
 * @param cutoff how many documents are looked at; {@link #ALL} for the whole ranking
 */
public record Measure(Kind kind, int cutoff) {

    /** The whole ranking. */
    public static final int ALL = Integer.MAX_VALUE;

    /** Where users expect measures to be cut. */
    public static final List<Integer> CUTOFFS = List.of(1, 5, 10, 25, 50, 100);

    /** What differences and charts are about. */
    static final Measure MAIN = new Measure(Kind.NDCG, 10);

    static final Measure MRR = new Measure(Kind.RECIPROCAL_RANK, ALL);

    private static final Pattern NAME = Pattern.compile("([a-z_]+?)(?:[@._]([1-9]\\d{0,8}))?");

    /** The kinds, with trec_eval's names without and with a cutoff, and a title. */
    public enum Kind {
        NDCG("ndcg", "ndcg_cut", "nDCG"),
        MAP("map", "map_cut", "MAP"),
        RECALL("set_recall", "recall", "recall"),
        PRECISION("set_P", "P", "P"),
        SUCCESS("", "success", "success"),
        RECIPROCAL_RANK("recip_rank", "", "MRR"),
        R_PRECISION("Rprec", "", "R-precision"),
        BPREF("bpref", "", "bpref");

        private final String whole;
        private final String cut;
        private final String title;

        Kind(String whole, String cut, String title) {
            this.whole = whole;
            this.cut = cut;
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** The value for one query, from 0 to 1. */
    double of(JudgedRanking ranking) {
        if (ranking.relevant() == 0) {
            return 0;
        }
        int retrieved = ranking.grades().length;
        return switch (kind) {
            case NDCG -> Gains.ndcg(ranking, cutoff);
            case MAP -> Precisions.averagePrecision(ranking, cutoff);
            case RECALL -> (double) ranking.relevantAt(cutoff) / ranking.relevant();
            case PRECISION -> ratio(ranking.relevantAt(cutoff), cutoff == ALL ? retrieved : cutoff);
            case SUCCESS -> ranking.relevantAt(cutoff) > 0 ? 1 : 0;
            case RECIPROCAL_RANK -> Precisions.reciprocalRank(ranking);
            case R_PRECISION -> ratio(ranking.relevantAt(ranking.relevant()), ranking.relevant());
            case BPREF -> Precisions.bpref(ranking);
        };
    }

    private static double ratio(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** trec_eval's name in its output, such as {@code ndcg_cut_10}. */
    public String name() {
        return cutoff == ALL ? kind.whole : kind.cut + "_" + cutoff;
    }

    /** The name in prose, such as {@code nDCG@10}. */
    public String title() {
        return cutoff == ALL ? kind.title : kind.title + "@" + cutoff;
    }

    /**
     * Reads what {@code -m} takes: a name without cutoffs means all usual ones where the measure has any.
     *
     * @throws InvalidInputException if there is no such measure
     */
    public static List<Measure> parse(String text) {
        String[] parts = text.split(",", -1);
        Matcher first = NAME.matcher(lowerCased(parts[0]));
        if (!first.matches()) {
            throw unknown(text);
        }
        String name = first.group(1).equals("ndcg") && first.group(2) != null ? "ndcg_cut" : first.group(1);
        Stream<String> cutoffs = Stream.concat(
                Stream.ofNullable(first.group(2)), Arrays.stream(parts).skip(1));
        List<Integer> wanted = cutoffs.map(cutoff -> positive(cutoff, text)).toList();
        for (Kind kind : Kind.values()) {
            if (wanted.isEmpty() && name.equals(lowerCased(kind.whole))) {
                return List.of(new Measure(kind, ALL));
            }
            if (name.equals(lowerCased(kind.cut))) {
                return (wanted.isEmpty() ? CUTOFFS : wanted)
                        .stream().map(cutoff -> new Measure(kind, cutoff)).toList();
            }
        }
        throw unknown(text);
    }

    private static String lowerCased(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static int positive(String cutoff, String text) {
        if (!cutoff.matches("[1-9]\\d{0,8}")) {
            throw unknown(text);
        }
        return Integer.parseInt(cutoff);
    }

    private static InvalidInputException unknown(String text) {
        return new InvalidInputException(
                "measure '" + text
                        + "' is not known; use for instance map, recip_rank, Rprec, bpref, ndcg, ndcg_cut.10, recall.100, P.5,10");
    }

    /** What a report shows: all kinds with cutoffs at the usual ones, and the measures of a whole ranking. */
    public static List<Measure> reported() {
        Stream<Measure> cut = Stream.of(Kind.NDCG, Kind.MAP, Kind.RECALL, Kind.PRECISION)
                .flatMap(kind -> CUTOFFS.stream().map(cutoff -> new Measure(kind, cutoff)));
        Stream<Measure> whole = Stream.of(Kind.MAP, Kind.RECIPROCAL_RANK).map(kind -> new Measure(kind, ALL));
        return Stream.concat(cut, whole).toList();
    }

    /** What trec_eval's users look at first. */
    public static List<Measure> common() {
        Stream<Measure> whole = Stream.of(Kind.MAP, Kind.R_PRECISION, Kind.BPREF, Kind.RECIPROCAL_RANK, Kind.NDCG)
                .map(kind -> new Measure(kind, ALL));
        Stream<Measure> cut = Stream.of(Kind.PRECISION, Kind.RECALL, Kind.MAP, Kind.NDCG)
                .flatMap(kind -> CUTOFFS.stream().map(cutoff -> new Measure(kind, cutoff)));
        return Stream.concat(whole, cut).toList();
    }
}

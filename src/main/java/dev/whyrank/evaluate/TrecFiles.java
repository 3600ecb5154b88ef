package dev.whyrank.evaluate;

import dev.whyrank.evaluate.Run.Scored;
import dev.whyrank.model.InvalidInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Reads and writes the formats of TREC: runs {@code qid Q0 docid rank score tag}, qrels {@code qid 0 docid grade}. */
public final class TrecFiles {

    private static final String BEIR_HEADER = "query-id\tcorpus-id\tscore";

    private TrecFiles() {}

    /**
     * Reads a run; ranks are ignored, as trec_eval ignores them.
     *
     * @throws InvalidInputException names file, line and reason
     */
    public static Run readRun(Path file) {
        Map<String, List<Scored>> results = new LinkedHashMap<>();
        Map<String, Set<String>> seen = new LinkedHashMap<>();
        try (Lines lines = Lines.open(file)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                String[] fields = line.trim().split("\\s+", -1);
                if (fields.length != 6) {
                    throw lines.bad("has " + fields.length + " fields; a run line is `qid Q0 docid rank score tag`");
                }
                if (!seen.computeIfAbsent(fields[0], id -> new HashSet<>()).add(fields[2])) {
                    throw lines.bad("document '" + fields[2] + "' occurs twice for query '" + fields[0] + "'");
                }
                results.computeIfAbsent(fields[0], id -> new ArrayList<>())
                        .add(new Scored(fields[2], score(lines, fields[4])));
            }
        }
        if (results.isEmpty()) {
            throw new InvalidInputException(file + ": is empty; a run line is `qid Q0 docid rank score tag`");
        }
        return new Run(results);
    }

    /**
     * Reads judgements of TREC, or of BEIR if the first line is its header.
     *
     * @throws InvalidInputException names file, line and reason
     */
    public static Qrels readQrels(Path file) {
        return readQrels(file, query -> true);
    }

    /** Reads judgements of these queries; those of any other are an error. */
    static Qrels readQrels(Path file, Set<String> queries) {
        return readQrels(file, queries::contains);
    }

    private static Qrels readQrels(Path file, Predicate<String> known) {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        try (Lines lines = Lines.open(file)) {
            String line = lines.next();
            boolean beir = line != null && line.trim().equals(BEIR_HEADER);
            for (line = beir ? lines.next() : line; line != null; line = lines.next()) {
                addJudgement(lines, beir, line, known, grades);
            }
        }
        if (grades.isEmpty()) {
            throw new InvalidInputException(file + ": holds no judgements; a qrels line is `qid 0 docid grade`");
        }
        return new Qrels(grades);
    }

    private static void addJudgement(
            Lines lines, boolean beir, String line, Predicate<String> known, Map<String, Map<String, Integer>> grades) {
        String[] fields = beir ? line.split("\t", -1) : line.trim().split("\\s+", -1);
        if (fields.length != (beir ? 3 : 4)) {
            String wanted = beir ? "three, separated by tabs" : "`qid 0 docid grade`";
            throw lines.bad("has " + fields.length + " fields instead of " + wanted);
        }
        if (!known.test(fields[0])) {
            throw lines.bad("judges query '" + fields[0] + "', which the collection does not have; check that the files"
                    + " belong together");
        }
        String document = fields[beir ? 1 : 2];
        Integer before = grades.computeIfAbsent(fields[0], id -> new LinkedHashMap<>())
                .put(document, grade(lines, fields[beir ? 2 : 3]));
        if (before != null) {
            throw lines.bad("document '" + document + "' is judged twice for query '" + fields[0] + "'");
        }
    }

    private static double score(Lines lines, String text) {
        try {
            double score = Double.parseDouble(text);
            if (!Double.isNaN(score)) {
                return score;
            }
        } catch (NumberFormatException e) {
            throw lines.bad("score '" + text + "' is not a number", e);
        }
        throw lines.bad("score '" + text + "' is not a number");
    }

    private static int grade(Lines lines, String text) {
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            throw lines.bad("grade '" + text + "' is not a whole number", e);
        }
    }

    /**
     * Writes rankings as a run whose scores fall strictly, also when read in 32 bits, so that no reader reorders it.
     *
     * @param results query id to documents, best first
     */
    static void writeRun(Path file, Map<String, List<Scored>> results, String tag) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Map.Entry<String, List<Scored>> query : results.entrySet()) {
                float before = Float.POSITIVE_INFINITY;
                int rank = 0;
                for (Scored scored : query.getValue()) {
                    before = Math.min((float) scored.score(), Math.nextDown(before));
                    out.write(query.getKey() + " Q0 " + scored.documentId() + " " + ++rank + " " + before + " " + tag);
                    out.write('\n');
                }
            }
        }
    }
}

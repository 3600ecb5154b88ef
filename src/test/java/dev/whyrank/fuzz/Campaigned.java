package dev.whyrank.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a campaign against one fuzz test did.
 *
 * @param seconds of searching, the JVM's start left out
 * @param coverage edges of our classes that inputs have gone through
 * @param corpus inputs that each go a way of their own
 * @param finding what the log says of an input that found a fault, the input included; empty if none did
 */
record Campaigned(String name, long inputs, long seconds, long coverage, long corpus, String finding) {

    private static final int LOG_END = 4_000;
    private static final Pattern INPUTS = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");
    private static final Pattern SECONDS = Pattern.compile("Done \\d+ runs in (\\d+) second");
    private static final Pattern COVERAGE = Pattern.compile(" cov: (\\d+)");
    private static final Pattern CORPUS = Pattern.compile(" corp: (\\d+)");

    /** Reads what Jazzer has written. */
    static Campaigned read(String name, int exitStatus, Path log) throws IOException {
        String text = Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1);
        return new Campaigned(
                name,
                last(INPUTS, text),
                last(SECONDS, text),
                last(COVERAGE, text),
                last(CORPUS, text),
                exitStatus == 0 ? "" : log + ": " + text.substring(findingStart(text)));
    }

    private static int findingStart(String text) {
        int stated = text.indexOf("== Java Exception");
        return stated < 0 ? Math.max(0, text.length() - LOG_END) : stated;
    }

    boolean failed() {
        return !finding.isEmpty();
    }

    private static long last(Pattern pattern, String text) {
        List<MatchResult> found = pattern.matcher(text).results().toList();
        return found.isEmpty() ? 0 : Long.parseLong(found.get(found.size() - 1).group(1));
    }

    /** One line for each fuzz test, then the sums. */
    static String table(List<Campaigned> results) {
        StringBuilder table = new StringBuilder("""
                | fuzz test | inputs | seconds | edges | corpus | findings |
                |---|---:|---:|---:|---:|---:|
                """);
        for (Campaigned each : results) {
            table.append("| `%s` | %,d | %d | %d | %d | %d |%n"
                    .formatted(
                            each.name, each.inputs, each.seconds, each.coverage, each.corpus, each.failed() ? 1 : 0));
        }
        return table.append(String.format(
                        Locale.ROOT,
                        "| all | %,d | %d | %d | %d | %d |%n",
                        results.stream().mapToLong(Campaigned::inputs).sum(),
                        results.stream().mapToLong(Campaigned::seconds).sum(),
                        results.stream().mapToLong(Campaigned::coverage).sum(),
                        results.stream().mapToLong(Campaigned::corpus).sum(),
                        results.stream().filter(Campaigned::failed).count()))
                .toString();
    }
}

package dev.whyrank.cli;

import dev.whyrank.simulate.Outcome;
import java.util.Locale;

/** Outcomes of simulations as a table in Markdown; times in seconds. */
final class SimulationTable {

    /** The first two lines. */
    static final String HEAD = """
            | workers | slots | documents/s | busy | chunks a step | p50 | p95 | p99 | first token p50 | p95 | refused \
            | cut | expired | failed | repeated |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private SimulationTable() {}

    /** One line, without its end. */
    static String row(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "| %d | %d | %.1f | %.2f | %.1f | %.2f | %.2f | %.2f | %.2f | %.2f | %d | %d | %d | %d | %d |",
                outcome.workers(),
                outcome.slots(),
                outcome.documentsPerSecond(),
                outcome.utilisation(),
                outcome.running(),
                outcome.latency().p50(),
                outcome.latency().p95(),
                outcome.latency().p99(),
                outcome.firstToken().p50(),
                outcome.firstToken().p95(),
                outcome.refused(),
                outcome.cut(),
                outcome.expired(),
                outcome.failed(),
                outcome.repeated());
    }
}

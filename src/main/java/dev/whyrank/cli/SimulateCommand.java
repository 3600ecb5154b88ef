package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.simulate.CapacityChart;
import dev.whyrank.simulate.FewestWorkers;
import dev.whyrank.simulate.Outcome;
import dev.whyrank.simulate.Simulation;
import dev.whyrank.simulate.StepCost;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** {@code whyrank simulate}: what so many workers would do under so much traffic, without any of them. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Simulates workers under traffic with the service's own scheduler and admission, in virtual time.",
            "How long a step takes is told by --machine: one that ships (h100-3b, computed) or a file that"
                    + " whyrank bench --fit has written. With several --workers or --slots, one row for each."
        })
final class SimulateCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    @Mixin
    private SimulateOptions options = new SimulateOptions();

    @Option(names = "--machine", defaultValue = "h100-3b", description = "h100-3b, or a file (default: h100-3b).")
    private String machine = "h100-3b";

    @Option(names = "--workers", split = ",", defaultValue = "1", description = "One number or several (default: 1).")
    private List<Integer> workers = List.of();

    @Option(
            names = "--slots",
            split = ",",
            defaultValue = "65",
            description = "Of a worker; may be several" + " (default: 65).")
    private List<Integer> slots = List.of();

    @Option(
            names = "--target-p95",
            paramLabel = "SECONDS",
            description = "Looks for the fewest workers that answer 95"
                    + " of 100 requests in this time, in place of --workers.")
    private @Nullable Double target;

    @Option(names = "--most-workers", defaultValue = "4096", description = "Where --target-p95 gives up.")
    private int mostWorkers;

    @Option(names = "--json", description = "One JSON line for each row instead of a table.")
    private boolean json;

    @Option(names = "--chart", paramLabel = "FILE", description = "Also draws throughput and latency, as PNG.")
    private @Nullable Path chart;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        StepCost cost = StepCost.open(machine);
        List<Outcome> outcomes = new ArrayList<>();
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.print(SimulationTable.HEAD);
        }
        if (target == null) {
            for (int count : workers) {
                for (int each : slots) {
                    Outcome outcome =
                            new Simulation(cost, options.traffic(count), options.deployment(count, each)).run();
                    outcomes.add(outcome);
                    show(out, outcome);
                }
            }
        } else {
            outcomes.addAll(search(cost, target, out));
        }
        out.flush();
        draw(outcomes);
        return 0;
    }

    private List<Outcome> search(StepCost cost, double p95, PrintWriter out) {
        int each = slots.get(0);
        FewestWorkers search = new FewestWorkers(cost, options.traffic(1), options.deployment(1, each), p95);
        OptionalInt found = search.find(mostWorkers);
        search.tried().forEach(outcome -> show(out, outcome));
        if (found.isEmpty()) {
            throw new InvalidInputException("even " + mostWorkers + " workers do not reach a p95 of " + p95
                    + " s without refusals; allow more time or send less");
        }
        if (!json) {
            out.printf("%nFewest workers for a p95 of %s s: %d%n", p95, found.getAsInt());
        }
        return search.tried();
    }

    private void show(PrintWriter out, Outcome outcome) {
        out.println(json ? JSON.writeValueAsString(outcome) : SimulationTable.row(outcome));
        out.flush();
    }

    private void draw(List<Outcome> outcomes) {
        if (chart != null) {
            try {
                new CapacityChart(outcomes).draw(chart);
            } catch (IOException e) {
                throw new InvalidInputException(chart + ": cannot be written; give another --chart", e);
            }
        }
    }
}

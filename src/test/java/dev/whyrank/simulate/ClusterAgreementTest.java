package dev.whyrank.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A simulation against a real cluster: gateway, workers and Redis as {@code ClusterBenchmark} measured them with a model
 * that sleeps, recorded in {@code docs/cluster.json}.
 */
class ClusterAgreementTest {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterAgreementTest.class);

    private static final JsonNode RECORD = read("cluster.json");
    private static final StepCost COST = StepCost.open("docs/sleeping-model.json");
    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final int ROUNDS = 100;

    private static JsonNode read(String name) {
        try {
            return new ObjectMapper().readTree(Files.readString(Path.of("docs", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> rows() {
        return List.copyOf(RECORD.get("rows").values());
    }

    private static Size size(int tokens) {
        return new Size(tokens, tokens, 0);
    }

    private static Outcome simulate(int workers, int inFlight) {
        JsonNode load = RECORD.get("load");
        JsonNode prompt = load.get("prompt");
        int shared = prompt.get("sharedTokens").asInt();
        int written = load.get("explanationTokens").asInt();
        Traffic traffic = new Traffic(
                new Arrivals(Arrivals.Kind.CLOSED, inFlight),
                0,
                ROUNDS * inFlight,
                size(load.get("documents").asInt()),
                size(shared),
                size(prompt.get("tokens").asInt() - shared),
                // The model would write on: its limit ends it.
                size(written + 1),
                written,
                0,
                NEVER,
                1);
        int budget = RECORD.get("tokenBudget").asInt();
        int slots = RECORD.get("slots").asInt();
        return new Simulation(COST, traffic, new Deployment(workers, slots, budget, 8, 1_000_000, 1, 1, List.of()))
                .run();
    }

    @Test
    void theMachineOfTheDocumentsIsTheOneMeasured() {
        JsonNode measured = RECORD.get("millisecondsOfAStep");
        assertThat(COST.bounds())
                .containsExactly(new StepCost.Bound(
                        "all",
                        measured.get("step").asDouble(),
                        measured.get("prefillToken").asDouble(),
                        measured.get("decodeSequence").asDouble(),
                        0,
                        0,
                        0));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void predictsThroughputAndLatencyWithinATenth(JsonNode row) {
        Outcome predicted =
                simulate(row.get("workers").asInt(), row.get("inFlight").asInt());
        double documents = row.get("documentsPerSecond").asDouble();
        double p50 = row.get("p50Millis").asDouble() / 1000;
        double p95 = row.get("p95Millis").asDouble() / 1000;
        LOG.info(
                "workers {}: documents/s measured {} simulated {}; p50 {} {}; p95 {} {}",
                predicted.workers(),
                documents,
                predicted.documentsPerSecond(),
                p50,
                predicted.latency().p50(),
                p95,
                predicted.latency().p95());
        assertThat(predicted.documentsPerSecond()).isCloseTo(documents, withinPercentage(10));
        assertThat(predicted.latency().p50()).isCloseTo(p50, withinPercentage(10));
        assertThat(predicted.latency().p95()).isCloseTo(p95, withinPercentage(10));
    }
}

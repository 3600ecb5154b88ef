package dev.whyrank.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.model.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final StepCost COST = StepCost.open("h100-3b");

    private static Traffic traffic(String arrivals, double rate, int requests, double deadline, long seed) {
        return new Traffic(
                Arrivals.parse(arrivals),
                rate,
                requests,
                Size.parse("5..25"),
                Size.parse("60..140"),
                Size.parse("150~0.4<400"),
                Size.parse("60~0.5<200"),
                256,
                0.3,
                deadline,
                seed);
    }

    private static Deployment deployment(int workers, Deployment.Failure... failures) {
        return new Deployment(workers, 33, 512, 8, 1_000_000, 1, 5, List.of(failures));
    }

    private static long documents(Traffic traffic) {
        long sum = 0;
        for (int number = 0; number < traffic.requests(); number++) {
            sum += new SimulatedRequest(traffic, number, 0).size();
        }
        return sum;
    }

    @Test
    void theSameSeedGivesTheSameFiguresAndAnotherSeedOthers() {
        Outcome first = new Simulation(COST, traffic("poisson", 12, 400, NEVER, 7), deployment(4)).run();
        assertThat(new Simulation(COST, traffic("poisson", 12, 400, NEVER, 7), deployment(4)).run())
                .isEqualTo(first);
        assertThat(new Simulation(COST, traffic("poisson", 12, 400, NEVER, 8), deployment(4)).run())
                .isNotEqualTo(first);
    }

    @Test
    void lookingAheadChangesNothing() {
        for (long seed = 1; seed <= 4; seed++) {
            double deadline = seed % 2 == 0 ? 1.5 : NEVER;
            Deployment.Failure[] failures = seed % 3 == 0
                    ? new Deployment.Failure[] {new Deployment.Failure(0.34, 4, 3), new Deployment.Failure(0.5, 9, 2)}
                    : new Deployment.Failure[0];
            String arrivals = seed % 4 == 0 ? "closed:40" : "poisson";
            Traffic traffic = traffic(arrivals, 14, 300, deadline, seed);
            Deployment deployment = deployment(3, failures);
            assertThat(new Simulation(COST, traffic, deployment, true).run())
                    .as("seed %d", seed)
                    .isEqualTo(new Simulation(COST, traffic, deployment, false).run());
            Traffic thin = traffic("poisson", 30, 600, NEVER, seed);
            assertThat(new Simulation(COST, thin, deployment(12), true).run())
                    .as("seed %d, workers that ask", seed)
                    .isEqualTo(new Simulation(COST, thin, deployment(12), false).run());
        }
    }

    @Test
    void everyDocumentOfAnAcceptedRequestEndsOnce() {
        for (long seed = 1; seed <= 4; seed++) {
            Traffic traffic = traffic("burst:20", 25, 400, seed % 2 == 0 ? 2 : NEVER, seed);
            Outcome outcome = new Simulation(
                            COST,
                            traffic,
                            deployment(3, new Deployment.Failure(0.34, 3, 4), new Deployment.Failure(0.67, 8, 4)))
                    .run();
            assertThat(outcome.refused()).isZero();
            // Whoever has a deadline sooner than a dead worker's tasks are handed on has no use for them any more.
            assertThat(outcome.repeated() > 0).isEqualTo(traffic.deadlineSeconds() == NEVER);
            assertThat(outcome.finished() + outcome.cut() + outcome.expired() + outcome.failed())
                    .as("seed %d", seed)
                    .isEqualTo(documents(traffic));
        }
    }

    @Test
    void requestsInTheSystemAreTheirRateTimesTheirStay() {
        Outcome outcome = new Simulation(COST, traffic("poisson", 13, 6000, NEVER, 3), deployment(4)).run();
        // One hop of a request's stay is the way back, when its last document has ended already.
        double stay = outcome.latency().mean() - 0.001;
        assertThat(outcome.inSystem()).isCloseTo(outcome.requestsPerSecond() * stay, within(0.03 * outcome.inSystem()));
    }

    /**
     * One slot, and two steps for each request: a server that takes a fixed time. Its mean wait is that of the queue
     * M/D/1: service x load / (2 (1 - load)).
     */
    @Test
    void aServerOfFixedTimeWaitsAsTheoryHasIt() {
        StepCost tenMillis = StepCost.linear("fixed", List.of(), 10, 0, 0, 0, 0, 0);
        Size one = Size.parse("1");
        for (double load : new double[] {0.5, 0.8}) {
            Traffic traffic =
                    new Traffic(Arrivals.parse("poisson"), 100 * load / 2, 60_000, one, one, one, one, 2, 0, NEVER, 5);
            Deployment single = new Deployment(1, 1, 8, 0, 1_000_000, 0, 1, List.of());
            Outcome outcome = new Simulation(tenMillis, traffic, single).run();
            // The prompt's step brings the only token, the next the stop token.
            double service = 0.020;
            double expected = service + service * load / (2 * (1 - load));
            assertThat(outcome.latency().mean()).as("load %s", load).isCloseTo(expected, within(0.04 * expected));
            assertThat(outcome.utilisation()).isCloseTo(load, within(0.02));
        }
    }

    @Test
    void moreWorkersAnswerSoonerAndTheDeadMakeOthersWait() {
        Traffic traffic = traffic("poisson", 12, 300, NEVER, 2);
        Outcome few = new Simulation(COST, traffic, deployment(3)).run();
        Outcome many = new Simulation(COST, traffic, deployment(6)).run();
        Outcome struck = new Simulation(COST, traffic, deployment(6, new Deployment.Failure(0.34, 10, NEVER))).run();
        assertThat(many.latency().p95()).isLessThan(few.latency().p95());
        assertThat(struck.latency().p99()).isGreaterThan(many.latency().p99());
        assertThat(struck.repeated()).isPositive();
    }

    @Test
    void theFewestWorkersDoAndOneFewerDoNot() {
        Traffic traffic = traffic("poisson", 20, 200, NEVER, 4);
        FewestWorkers search = new FewestWorkers(COST, traffic, deployment(1), 2.5);
        int found = search.find(64).orElseThrow();
        assertThat(found).isGreaterThan(1);
        assertThat(new Simulation(COST, traffic, deployment(found)).run().meets(2.5))
                .isTrue();
        assertThat(new Simulation(COST, traffic, deployment(found - 1)).run().meets(2.5))
                .isFalse();
        assertThat(new FewestWorkers(COST, traffic, deployment(1), 0.001).find(8))
                .isEmpty();
    }

    @Test
    void aFullQueueRefuses() {
        Deployment small = new Deployment(1, 33, 512, 8, 30_000, 1, 5, List.of());
        Outcome outcome = new Simulation(COST, traffic("burst:50", 50, 200, NEVER, 1), small).run();
        assertThat(outcome.refused()).isPositive().isLessThan(200);
    }

    @Test
    void requestsThatNobodyCanDoAreNamed() {
        Simulation doomed = new Simulation(
                COST, traffic("poisson", 10, 100, NEVER, 1), deployment(2, new Deployment.Failure(1, 2, NEVER)));
        assertThatThrownBy(doomed::run)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no worker is left");
    }
}

package dev.whyrank.simulate;

import dev.whyrank.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Looks for the fewest workers that serve a traffic in time: doubled until they do, then halved in between. More workers
 * are taken to be no worse.
 */
public final class FewestWorkers {

    private final StepCost cost;
    private final Traffic traffic;
    private final Deployment deployment;
    private final double p95Seconds;
    private final List<Outcome> tried = new ArrayList<>();

    /** A search; the deployment's own number of workers does not matter. */
    public FewestWorkers(StepCost cost, Traffic traffic, Deployment deployment, double p95Seconds) {
        if (!(p95Seconds > 0)) {
            throw new InvalidInputException("the p95 to reach must be above 0 seconds");
        }
        this.cost = cost;
        this.traffic = traffic;
        this.deployment = deployment;
        this.p95Seconds = p95Seconds;
    }

    /**
     * Searches.
     *
     * @param most workers to try
     * @return how many do, or empty if even the most that were tried do not
     */
    public OptionalInt find(int most) {
        int tooFew = 0;
        int enough = 1;
        while (!does(enough)) {
            if (enough == most) {
                return OptionalInt.empty();
            }
            tooFew = enough;
            enough = Math.min(most, 2 * enough);
        }
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) / 2;
            if (does(middle)) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return OptionalInt.of(enough);
    }

    private boolean does(int workers) {
        Outcome outcome = new Simulation(cost, traffic, deployment.withWorkers(workers)).run();
        tried.add(outcome);
        return outcome.meets(p95Seconds);
    }

    /** What was simulated, in that order. */
    public List<Outcome> tried() {
        return tried;
    }
}

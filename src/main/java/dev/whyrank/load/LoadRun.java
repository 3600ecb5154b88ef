package dev.whyrank.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Capacity first, then phases at multiples of it.
 *
 * @param caller sends
 * @param memory what the service holds, in MiB; -1 if nobody can tell
 * @param progress told of each phase that begins
 */
public record LoadRun(Caller caller, LongSupplier memory, Consumer<String> progress) {

    /** Slower than so many times the unloaded p95 is not yet recovered. */
    static final double RECOVERED = 1.5;

    private static final int ALONE = 20;
    private static final int AT_ONCE = 16;
    private static final int RECOVERING = 200;

    /**
     * A phase of a run.
     *
     * @param recoverySeconds after its last answer until a single request is as fast as without load
     * @param mebibytes the service held when all had ended
     */
    public record Stage(Phase phase, double recoverySeconds, long mebibytes) {}

    /**
     * All of a run.
     *
     * @param alone requests one after another
     * @param capacity answered per second when clients wait for answers
     * @param mebibytes the service held before the phases
     */
    public record Findings(Phase alone, Phase capacity, long mebibytes, List<Stage> stages) {}

    /** Runs phases at these multiples of the capacity, each of this length. */
    public Findings run(List<Double> multiples, Duration length) throws InterruptedException {
        progress.accept("warming up");
        caller.asFastAsItGoes(AT_ONCE, length);
        progress.accept("one request at a time");
        Phase alone = caller.alone(ALONE);
        progress.accept("capacity, " + AT_ONCE + " requests at once");
        Phase capacity = caller.asFastAsItGoes(AT_ONCE, length);
        long before = memory.getAsLong();
        List<Stage> stages = new ArrayList<>();
        for (double times : multiples) {
            progress.accept(times + " times the capacity of " + Math.round(capacity.perSecond() * 10) / 10.0
                    + " requests per second");
            Phase phase = caller.constantly(times, times * capacity.perSecond(), length);
            double recovery = recovery(alone.seconds().p95());
            stages.add(new Stage(phase, recovery, memory.getAsLong()));
        }
        return new Findings(alone, capacity, before, stages);
    }

    private double recovery(double unloaded) {
        long begin = System.nanoTime();
        for (int i = 0; i < RECOVERING; i++) {
            double before = (System.nanoTime() - begin) / 1e9;
            if (caller.alone(1).seconds().p95() <= RECOVERED * unloaded) {
                return before;
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}

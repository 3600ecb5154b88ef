package dev.whyrank.observe;

import dev.whyrank.cluster.ClusterListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Meters of a cluster. Told on several threads; the gauges are read by whoever scrapes. */
final class ClusterMeters implements ClusterListener {

    private final Counter claimed;
    private final Counter restarts;
    private final Counter addedAgain;
    private final Timer answers;
    private volatile long tasks;
    private volatile long tokens;
    private volatile int reachable;

    ClusterMeters(MeterRegistry registry) {
        Gauge.builder("whyrank.cluster.queue.tasks", () -> tasks)
                .description("Tasks of the whole cluster that have not ended, as this gateway saw them last")
                .register(registry);
        Gauge.builder("whyrank.cluster.queue.tokens", () -> tokens)
                .description("Their estimated tokens")
                .register(registry);
        Gauge.builder("whyrank.cluster.redis.reachable", () -> reachable)
                .description("Whether this gateway reaches Redis")
                .register(registry);
        claimed = Counter.builder("whyrank.cluster.claimed")
                .description("Tasks that this worker took over from another that was lost")
                .register(registry);
        restarts = Counter.builder("whyrank.cluster.restarts")
                .description("Documents of this gateway whose explanation began anew")
                .register(registry);
        addedAgain = Counter.builder("whyrank.cluster.added.again")
                .description("Tasks that this gateway added again because Redis had lost them")
                .register(registry);
        answers = Timer.builder("whyrank.cluster.task.duration")
                .description("From a task's addition to its last result at this gateway")
                .serviceLevelObjectives(Buckets.ofRequests())
                .register(registry);
    }

    @Override
    public void queue(long tasks, long tokens) {
        this.tasks = tasks;
        this.tokens = tokens;
    }

    @Override
    public void reachable(boolean reachable) {
        this.reachable = reachable ? 1 : 0;
    }

    @Override
    public void claimed() {
        claimed.increment();
    }

    @Override
    public void restarted() {
        restarts.increment();
    }

    @Override
    public void addedAgain() {
        addedAgain.increment();
    }

    @Override
    public void answered(Duration latency) {
        answers.record(latency);
    }
}

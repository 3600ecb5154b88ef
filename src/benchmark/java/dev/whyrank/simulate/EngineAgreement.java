package dev.whyrank.simulate;

import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.SequenceListener;
import dev.whyrank.model.LanguageModel;
import dev.whyrank.model.Step;
import dev.whyrank.model.StepResult;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Runs the real engine with a model that sleeps as long as a cost says, under the traffic of a simulation, and measures
 * what the simulation predicts. A program and not a test, since a busy machine oversleeps:
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -ntp test-compile exec:exec -Dbenchmark=simulate.EngineAgreement}
 */
final class EngineAgreement {

    private static final StepCost COST = StepCost.linear("sleep", List.of(), 6, 0.01, 0.05, 5e-5, 0, 1e-4);
    private static final Traffic TRAFFIC = new Traffic(
            Arrivals.parse("poisson"),
            4.5,
            120,
            Size.parse("10..30"),
            Size.parse("100"),
            Size.parse("100..300"),
            Size.parse("30~0.4<100"),
            128,
            0,
            Double.POSITIVE_INFINITY,
            1);
    private static final Deployment SINGLE = new Deployment(1, 33, 512, 0, 10_000_000, 0, 1, List.of());

    private EngineAgreement() {}

    /** Sleeps as long as the step costs. */
    private record Sleeper(int slots, int slotLength, int vocabularySize) implements LanguageModel {

        @Override
        public int[] labelIds() {
            return new int[0];
        }

        @Override
        public StepResult run(Step step) {
            long end = System.nanoTime();
            int decode = 0;
            while (decode < step.chunks().size()
                    && step.chunks().get(decode).tokens().length == 1
                    && step.chunks().get(decode).position() > 0) {
                decode++;
            }
            end += Math.round(COST.millis(StepWork.of(step, decode)) * 1e6);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return Countdown.run(step);
        }

        @Override
        public void close() {}
    }

    public static void main(String[] args) throws Exception {
        Outcome predicted = new Simulation(COST, TRAFFIC, SINGLE).run();
        double[] latencies = new double[TRAFFIC.requests()];
        double seconds = measure(latencies);
        int warmUp = latencies.length / 10;
        double[] sorted = Arrays.stream(latencies).skip(warmUp).sorted().toArray();
        double p95 = sorted[(int) Math.ceil(0.95 * sorted.length) - 1];
        double documents = predicted.finished();
        System.out.printf(
                "documents/s over the run: simulated %.2f, engine %.2f (%+.1f%%)%n",
                documents / predicted.seconds(), documents / seconds, 100 * (predicted.seconds() / seconds - 1));
        System.out.printf(
                "p50: simulated %.3f s, engine %.3f s%n", predicted.latency().p50(), sorted[sorted.length / 2]);
        System.out.printf(
                "p95: simulated %.3f s, engine %.3f s (%+.1f%%)%n",
                predicted.latency().p95(), p95, 100 * (p95 / predicted.latency().p95() - 1));
    }

    /** Sends the simulation's requests at the simulation's times; returns the seconds until the last answer. */
    private static double measure(double[] latencies) throws InterruptedException {
        Sleeper model = new Sleeper(SINGLE.slots(), TRAFFIC.slotLength(SimulatedRequest.FORCED_TOKENS), 1000);
        EngineSettings settings = new EngineSettings(SINGLE.tokenBudget(), 100_000, 8192, 1000);
        CountDownLatch open = new CountDownLatch(latencies.length);
        try (GenerationEngine engine =
                GenerationEngine.generating(model, token -> new byte[0], settings, EngineListener.NONE)) {
            long[] schedule = TRAFFIC.schedule();
            long begin = System.nanoTime();
            for (int number = 0; number < latencies.length; number++) {
                long due = begin + schedule[number];
                LockSupport.parkNanos(due - System.nanoTime());
                submit(engine, number, due, latencies, open);
            }
            open.await();
            return (System.nanoTime() - begin) / 1e9;
        }
    }

    private static void submit(GenerationEngine engine, int number, long due, double[] latencies, CountDownLatch open) {
        SimulatedRequest request = new SimulatedRequest(TRAFFIC, number, 0);
        AtomicInteger left = new AtomicInteger(request.size());
        SequenceListener listener = new SequenceListener() {
            @Override
            public void started(int promptTokens, int cachedTokens) {}

            @Override
            public void token(int token, float[] labelLogProbabilities) {}

            @Override
            public void finished(FinishReason reason, float[] labelLogProbabilities) {
                if (left.decrementAndGet() == 0) {
                    latencies[number] = (System.nanoTime() - due) / 1e9;
                    open.countDown();
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                throw new IllegalStateException("the sleeper failed", cause);
            }
        };
        engine.submit(
                IntStream.range(0, request.size())
                        .mapToObj(index -> request.sequence(index, listener))
                        .toList(),
                request.sharedPrefix());
    }
}

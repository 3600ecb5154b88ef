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
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Runs the real engine with a model that sleeps as long as a cost says, under the traffic of a simulation, and measures
 * what the simulation predicts. A program and not a test, since a busy machine oversleeps:
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -ntp test-compile exec:exec -Dbenchmark=simulate.EngineAgreement}
 */
final class EngineAgreement {

    private static final StepCost COST = StepCost.linear("sleep", List.of(), 6, 0.01, 0.05, 5e-5, 0, 1e-4);
    /** Requests a second: an easy load, and one near the edge, where whatever a step takes more shows many times over. */
    private static final double[] RATES = {3, 4.5};

    private static final Deployment SINGLE = new Deployment(1, 33, 512, 0, 10_000_000, 0, 1, List.of());

    private EngineAgreement() {}

    private static Traffic traffic(double rate, int requests) {
        return new Traffic(
                Arrivals.parse("poisson"),
                rate,
                requests,
                Size.parse("10..30"),
                Size.parse("100"),
                Size.parse("100..300"),
                Size.parse("30~0.4<100"),
                128,
                0,
                Double.POSITIVE_INFINITY,
                1);
    }

    /**
     * Sleeps as long as the step costs. A system wakes late, the more so the busier it is; by how much it was late is taken
     * off the next sleep.
     */
    private static final class Sleeper implements LanguageModel {

        private final int slotLength;
        private long late;

        Sleeper(int slotLength) {
            this.slotLength = slotLength;
        }

        @Override
        public int slots() {
            return SINGLE.slots();
        }

        @Override
        public int slotLength() {
            return slotLength;
        }

        @Override
        public int vocabularySize() {
            return 1000;
        }

        @Override
        public int[] labelIds() {
            return new int[0];
        }

        @Override
        public StepResult run(Step step) {
            long end = System.nanoTime() - late;
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
            late = System.nanoTime() - end;
            return Countdown.run(step);
        }

        @Override
        public void close() {}
    }

    public static void main(String[] args) throws Exception {
        measure(traffic(RATES[0], 20), new double[20]);
        for (double rate : RATES) {
            compare(traffic(rate, 120));
        }
    }

    private static void compare(Traffic traffic) throws InterruptedException {
        Outcome predicted = new Simulation(COST, traffic, SINGLE).run();
        double[] latencies = new double[traffic.requests()];
        double seconds = measure(traffic, latencies);
        int warmUp = latencies.length / 10;
        double[] sorted = Arrays.stream(latencies).skip(warmUp).sorted().toArray();
        double p95 = sorted[(int) Math.ceil(0.95 * sorted.length) - 1];
        double documents = predicted.finished();
        System.out.printf("%s requests a second%n", traffic.rate());
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
    private static double measure(Traffic traffic, double[] latencies) throws InterruptedException {
        Sleeper model = new Sleeper(traffic.slotLength(SimulatedRequest.FORCED_TOKENS));
        EngineSettings settings = new EngineSettings(SINGLE.tokenBudget(), 100_000, 8192, 1000);
        CountDownLatch open = new CountDownLatch(latencies.length);
        try (GenerationEngine engine =
                GenerationEngine.generating(model, token -> new byte[0], settings, EngineListener.NONE)) {
            long[] schedule = traffic.schedule();
            long begin = System.nanoTime();
            for (int number = 0; number < latencies.length; number++) {
                int index = number;
                long due = begin + schedule[number];
                LockSupport.parkNanos(due - System.nanoTime());
                submit(engine, new SimulatedRequest(traffic, number, 0), end -> {
                    latencies[index] = (end - due) / 1e9;
                    open.countDown();
                });
            }
            open.await();
            return (System.nanoTime() - begin) / 1e9;
        }
    }

    private static void submit(GenerationEngine engine, SimulatedRequest request, LongConsumer ended) {
        AtomicInteger left = new AtomicInteger(request.size());
        SequenceListener listener = new SequenceListener() {
            @Override
            public void started(int promptTokens, int cachedTokens) {}

            @Override
            public void token(int token, float[] labelLogProbabilities) {}

            @Override
            public void finished(FinishReason reason, float[] labelLogProbabilities) {
                if (left.decrementAndGet() == 0) {
                    ended.accept(System.nanoTime());
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

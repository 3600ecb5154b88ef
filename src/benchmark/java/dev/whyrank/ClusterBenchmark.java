package dev.whyrank;

import dev.whyrank.cluster.ClusterListener;
import dev.whyrank.cluster.RedisServer;
import dev.whyrank.cluster.ScriptedCluster.GatewayNode;
import dev.whyrank.cluster.ScriptedCluster.WorkerNode;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.model.Step;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.Reranker;
import dev.whyrank.rerank.ScriptedReranker;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a cluster scales where cores do not matter: every worker's model sleeps through its steps. Arguments: folder for
 * {@code cluster.json} and {@code cluster.png}, seconds for each number of workers (20).
 */
public final class ClusterBenchmark {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterBenchmark.class);

    private static final int[] WORKERS = {1, 2, 4, 8};
    private static final int SLOTS = 17;
    private static final int DOCUMENTS = 16;
    private static final int EXPLANATION_TOKENS = 32;
    private static final int REQUESTS_PER_WORKER = 4;
    private static final int WARM_UP_SECONDS = 4;
    private static final int LATENCY_REQUESTS = 100;
    private static final Cost COST = new Cost(20, 0.02, 0.1);
    private static final long ROOM = 1_000_000_000;

    private ClusterBenchmark() {}

    /**
     * What a step costs.
     *
     * @param step milliseconds of any step
     * @param prefillToken milliseconds more for each prompt or forced token
     * @param decodeSequence milliseconds more for each sequence that writes
     */
    record Cost(double step, double prefillToken, double decodeSequence) {

        double millis(Step step) {
            int decoding = (int) step.chunks().stream()
                    .filter(chunk -> chunk.tokens().length == 1 && chunk.sampling() != null)
                    .count();
            int prefill = step.tokenCount() - decoding;
            return step() + prefillToken * prefill + decodeSequence * decoding;
        }
    }

    /**
     * Sleeps through the steps of one model. A system wakes late, the more so the busier it is; by how much it was late is
     * taken off the next sleep, so that steps take on average what they are said to.
     */
    private static final class Sleeper {

        private long late;

        void sleep(Step step) {
            long end = System.nanoTime() + Math.round(COST.millis(step) * 1e6) - late;
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            late = System.nanoTime() - end;
        }
    }

    /** What every request is. */
    record Load(
            String arrival,
            int documents,
            int documentCharacters,
            Prompt prompt,
            int explanationTokens,
            int requestsPerWorker) {}

    /** A document's prompt in tokens, and how many of them are computed once for all of a task. */
    record Prompt(int tokens, int sharedTokens) {}

    /** One number of workers. */
    record Row(
            int workers, int inFlight, int requests, double documentsPerSecond, double p50Millis, double p95Millis) {}

    /** What the way through Redis adds to a single document's label. */
    record Added(double inProcessP50Millis, double clusterP50Millis, double addedP50Millis) {}

    record Result(Cost millisecondsOfAStep, int slots, int tokenBudget, Load load, List<Row> rows, Added gateway) {}

    /** Measures. */
    public static void main(String[] arguments) throws Exception {
        Path out = Path.of(arguments.length > 0 ? arguments[0] : "target/cluster");
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        Files.createDirectories(out);
        LOG.info("to warm up: {}", throughput(1, WARM_UP_SECONDS));
        List<Row> rows = new ArrayList<>();
        for (int workers : WORKERS) {
            rows.add(throughput(workers, seconds));
            LOG.info("{}", rows.get(rows.size() - 1));
        }
        Added added = latency();
        LOG.info("{}", added);
        Load load = new Load(
                "closed loop: a request is sent when one ends",
                DOCUMENTS,
                document(0).length(),
                prompt(),
                EXPLANATION_TOKENS,
                REQUESTS_PER_WORKER);
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(
                out.resolve("cluster.json"),
                json.writeValueAsString(new Result(COST, SLOTS, 512, load, rows, added)) + "\n");
        draw(rows, out.resolve("cluster"));
        System.exit(0);
    }

    private static String document(int number) {
        return "A box with the number %04d and some words more, so that there is something to read.".formatted(number);
    }

    private static RerankRequest request(int documents, boolean explain) {
        Options options =
                new Options(explain, Integer.MAX_VALUE, EXPLANATION_TOKENS, Integer.MAX_VALUE, true, 1, null, null);
        return new RerankRequest(
                "r",
                "Which box?",
                IntStream.range(0, documents)
                        .mapToObj(i -> new RerankRequest.Candidate(document(i), null))
                        .toList(),
                options);
    }

    private static Prompt prompt() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        AtomicInteger shared = new AtomicInteger();
        CompletableFuture<RerankEvent> end = new CompletableFuture<>();
        try (ScriptedReranker local = new ScriptedReranker(SLOTS, EngineListener.NONE, RerankObserver.NONE)) {
            local.reranker().rerank(request(DOCUMENTS, true), event -> {
                if (event instanceof RerankEvent.DocumentStarted started) {
                    tokens.accumulateAndGet(started.promptTokens(), Math::max);
                    shared.accumulateAndGet(started.cachedTokens(), Math::max);
                } else if (event instanceof RerankEvent.Completed) {
                    end.complete(event);
                }
            });
            end.get(30, TimeUnit.SECONDS);
        }
        return new Prompt(tokens.get(), shared.get());
    }

    private static Row throughput(int workers, int seconds) throws Exception {
        Path folder = Files.createTempDirectory("cluster-benchmark");
        try (RedisServer redis = RedisServer.start(folder);
                GatewayNode gateway = new GatewayNode(redis, ROOM, ClusterListener.NONE)) {
            List<WorkerNode> nodes = workers(redis, workers);
            awaitReady(gateway);
            ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
            AtomicBoolean stop = new AtomicBoolean();
            int inFlight = workers * REQUESTS_PER_WORKER;
            for (int i = 0; i < inFlight; i++) {
                loop(gateway.reranker(), stop, millis);
            }
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            millis.clear();
            TimeUnit.SECONDS.sleep(seconds);
            List<Double> sorted = sorted(List.copyOf(millis));
            stop.set(true);
            for (WorkerNode node : nodes) {
                node.close();
            }
            return new Row(
                    workers,
                    inFlight,
                    sorted.size(),
                    // Requests end in waves, so counting them in a window errs by a wave; their mean time does not.
                    1e3 * inFlight * DOCUMENTS / mean(sorted),
                    quantile(sorted, 0.5),
                    quantile(sorted, 0.95));
        }
    }

    private static List<WorkerNode> workers(RedisServer redis, int count) {
        List<WorkerNode> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            WorkerNode node = new WorkerNode(redis, SLOTS, ClusterListener.NONE);
            node.scripted().model().beforeStep(new Sleeper()::sleep);
            nodes.add(node);
        }
        return nodes;
    }

    private static void awaitReady(GatewayNode gateway) throws InterruptedException {
        while (!gateway.isReady()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void loop(Reranker reranker, AtomicBoolean stop, ConcurrentLinkedQueue<Double> millis) {
        if (stop.get()) {
            return;
        }
        long begin = System.nanoTime();
        ask(reranker, request(DOCUMENTS, true), event -> {
            long end = System.nanoTime();
            millis.add((end - begin) / 1e6);
            ForkJoinPool.commonPool().execute(() -> loop(reranker, stop, millis));
        });
    }

    private static void ask(Reranker reranker, RerankRequest request, Consumer<RerankEvent> ended) {
        reranker.rerank(request, event -> {
            if (event instanceof RerankEvent.Completed) {
                ended.accept(event);
            }
        });
    }

    private static Added latency() throws Exception {
        double alone;
        try (ScriptedReranker local = new ScriptedReranker(SLOTS, EngineListener.NONE, RerankObserver.NONE)) {
            local.model().beforeStep(new Sleeper()::sleep);
            alone = p50(local.reranker());
        }
        Path folder = Files.createTempDirectory("cluster-benchmark");
        try (RedisServer redis = RedisServer.start(folder);
                GatewayNode gateway = new GatewayNode(redis, ROOM, ClusterListener.NONE);
                WorkerNode worker = workers(redis, 1).get(0)) {
            awaitReady(gateway);
            double over = p50(gateway.reranker());
            LOG.info("documents of {}", worker.scripted().reranker().model());
            return new Added(alone, over, over - alone);
        }
    }

    private static double p50(Reranker reranker) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < LATENCY_REQUESTS + 10; i++) {
            CompletableFuture<RerankEvent> end = new CompletableFuture<>();
            long begin = System.nanoTime();
            ask(reranker, request(1, false), end::complete);
            end.get(30, TimeUnit.SECONDS);
            if (i >= 10) {
                millis.add((System.nanoTime() - begin) / 1e6);
            }
        }
        return quantile(sorted(millis), 0.5);
    }

    private static List<Double> sorted(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
    }

    private static double quantile(List<Double> sorted, double part) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.min(sorted.size() - 1, part * sorted.size()));
    }

    private static void draw(List<Row> rows, Path file) throws Exception {
        double[] workers = rows.stream().mapToDouble(Row::workers).toArray();
        double one = rows.get(0).documentsPerSecond();
        XYChart chart = new XYChartBuilder()
                .width(800)
                .height(480)
                .title("Documents per second by workers (a model that sleeps)")
                .xAxisTitle("workers")
                .yAxisTitle("documents per second")
                .build();
        chart.getStyler().setYAxisMin(0.0).setXAxisMin(0.0);
        chart.addSeries(
                "measured",
                workers,
                rows.stream().mapToDouble(Row::documentsPerSecond).toArray());
        chart.addSeries(
                "one worker, times workers",
                workers,
                rows.stream().mapToDouble(row -> row.workers() * one).toArray());
        BufferedImage image = new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.dispose();
        ImageIO.write(image, "png", Path.of(file + ".png").toFile());
    }
}

package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.cluster.ScriptedCluster.GatewayNode;
import dev.whyrank.cluster.ScriptedCluster.WorkerNode;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.Reranker;
import dev.whyrank.rerank.ScriptedReranker;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways and workers over a real Redis, in one process so that each can be held up at will. */
class ClusterTest {

    private static final long ROOM = 100_000_000;
    private static final int SLOTS = 9;

    @TempDir
    Path folder;

    private RedisServer redis;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicInteger restarted = new AtomicInteger();
    private final ClusterListener listener = new ClusterListener() {
        @Override
        public void claimed() {
            claimed.incrementAndGet();
        }

        @Override
        public void restarted() {
            restarted.incrementAndGet();
        }
    };

    @BeforeEach
    void startRedis() {
        redis = RedisServer.start(folder);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
        redis.close();
    }

    private GatewayNode gateway(long room) {
        GatewayNode node = new GatewayNode(redis, room, listener);
        parts.add(node);
        return node;
    }

    private WorkerNode worker() {
        WorkerNode node = new WorkerNode(redis, SLOTS, listener);
        parts.add(node);
        return node;
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static RerankRequest request(String id, int documents, @Nullable Duration deadline) {
        Options options = new Options(true, Integer.MAX_VALUE, 24, Integer.MAX_VALUE, true, 1, deadline, null);
        return new RerankRequest(
                id,
                "boxes?",
                IntStream.range(0, documents)
                        .mapToObj(i -> new RerankRequest.Candidate("Box " + "x".repeat(i % 7) + i + ".", null))
                        .toList(),
                options);
    }

    private static Heard ask(Reranker reranker, RerankRequest request) {
        Heard heard = new Heard();
        heard.handleIs(reranker.rerank(request, heard::hear));
        return heard;
    }

    private static List<RerankEvent.Ranked> inProcess(RerankRequest request) throws Exception {
        try (ScriptedReranker alone = new ScriptedReranker(SLOTS, EngineListener.NONE, RerankObserver.NONE)) {
            return ask(alone.reranker(), request).completed().ranking();
        }
    }

    @Test
    void answersAsOneProcessDoes() throws Exception {
        worker();
        worker();
        GatewayNode gateway = gateway(ROOM);
        await("ready", gateway::isReady);
        assertThat(gateway.reranker().model()).isEqualTo("scripted");
        RerankRequest request = request("r", 20, null);
        Heard heard = ask(gateway.reranker(), request);
        List<RerankEvent.Ranked> ranking = heard.completed().ranking();
        heard.requireOneStoryEach(20);
        List<RerankEvent.Ranked> alone = inProcess(request);
        assertThat(ranking.stream().map(RerankEvent.Ranked::index).toList())
                .isEqualTo(alone.stream().map(RerankEvent.Ranked::index).toList());
        for (int i = 0; i < alone.size(); i++) {
            Judgement here = Objects.requireNonNull(ranking.get(i).judgement());
            Judgement there = Objects.requireNonNull(alone.get(i).judgement());
            assertThat(here.explanation()).isEqualTo(there.explanation());
            assertThat(here.labelProbabilities()).isEqualTo(there.labelProbabilities());
            assertThat(here.usage().completionTokens()).isEqualTo(there.usage().completionTokens());
        }
        assertThat(ranking.stream()
                        .filter(ranked -> ranked.judgement() != null)
                        .mapToInt(ranked -> ranked.judgement().usage().cachedTokens())
                        .sum())
                .as("tasks keep the shared prefix")
                .isPositive();
        await("nothing is left", () -> keysLeft() == 0);
    }

    /** Tasks, counters and reports that a finished request must not leave behind. */
    private long keysLeft() {
        RedisClient client = RedisClient.create(redis.url());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            var sync = connection.sync();
            long tasks = sync.xlen("{test}:tasks:interactive") + sync.hlen("{test}:queue");
            String tokens = sync.get("{test}:queue:tokens");
            long reports =
                    sync.keys("{test}:results:*").stream().mapToLong(sync::xlen).sum();
            assertThat(sync.keys("*")).allMatch(key -> key.startsWith("{test}:"));
            assertThat(sync.keys("*")).allMatch(key -> sync.pttl(key) > 0 || key.contains("tasks:bulk"));
            return tasks + reports + (tokens == null ? 0 : Long.parseLong(tokens));
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    @Test
    void aWorkerThatMayNotHearItsChannelHoldsNoMoreConnectionsForIt() throws Exception {
        RedisClient client = RedisClient.create(redis.url());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            var sync = connection.sync();
            sync.aclSetuser("default", AclSetuserArgs.Builder.resetChannels());
            worker();
            pause(2_000);
            assertThat(sync.clientList().lines()).hasSizeLessThan(6);
            sync.aclSetuser("default", AclSetuserArgs.Builder.channelPattern("{test}:control"));
            GatewayNode gateway = gateway(ROOM);
            await("ready", gateway::isReady);
            ask(gateway.reranker(), request("r", 2, null)).completed();
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    @Test
    void takesOverTheTasksOfAWorkerThatStopsAndSaysSo() throws Exception {
        WorkerNode dying = worker();
        CountDownLatch stepped = new CountDownLatch(4);
        CountDownLatch never = new CountDownLatch(1);
        dying.scripted().model().beforeStep(step -> {
            stepped.countDown();
            if (stepped.getCount() == 0) {
                hang(never);
            }
        });
        GatewayNode gateway = gateway(ROOM);
        await("ready", gateway::isReady);
        Heard heard = ask(gateway.reranker(), request("r", 8, null));
        assertThat(stepped.await(20, TimeUnit.SECONDS)).isTrue();
        await("a document has begun", () -> heard.count(RerankEvent.DocumentStarted.class) > 0);
        // Frozen as a whole, as by SIGSTOP: its connection stays, its renewals do not come.
        dying.link.close();
        worker();
        heard.completed();
        heard.requireOneStoryEach(8);
        assertThat(claimed.get()).isPositive();
        assertThat(restarted.get()).isPositive();
        assertThat(heard.count(RerankEvent.DocumentRestarted.class)).isEqualTo(restarted.get());
        never.countDown();
    }

    private static void hang(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void survivesARedisThatIsRestarted() throws Exception {
        WorkerNode worker = worker();
        worker.scripted().model().beforeStep(step -> pause(5));
        GatewayNode gateway = gateway(ROOM);
        await("ready", gateway::isReady);
        List<Heard> all = IntStream.range(0, 6)
                .mapToObj(i -> ask(gateway.reranker(), request("r" + i, 12, null)))
                .toList();
        await("work has begun", () -> all.get(0).count(RerankEvent.ExplanationDelta.class) > 0);
        redis.kill();
        await("readiness ends", () -> !gateway.isReady());
        assertThatThrownBy(() -> ask(gateway.reranker(), request("late", 1, null)))
                .isInstanceOfSatisfying(
                        RerankException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_READY));
        redis.start();
        for (Heard heard : all) {
            heard.completed();
            heard.requireOneStoryEach(12);
        }
        await("readiness returns", gateway::isReady);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void stopsWorkThatNobodyWaitsForAndForgetsIt() throws Exception {
        WorkerNode worker = worker();
        AtomicInteger steps = new AtomicInteger();
        worker.scripted().model().beforeStep(step -> {
            steps.incrementAndGet();
            pause(20);
        });
        GatewayNode gateway = gateway(ROOM);
        await("ready", gateway::isReady);
        Heard heard = ask(gateway.reranker(), request("r", 24, null));
        await("work has begun", () -> steps.get() > 3);
        heard.handle().cancel();
        RerankEvent last = heard.end.get(5, TimeUnit.SECONDS);
        assertThat(last)
                .isInstanceOfSatisfying(
                        RerankEvent.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.CANCELLED));
        await("nothing is left", () -> keysLeft() == 0);
        int then = steps.get();
        pause(500);
        assertThat(steps.get() - then).as("steps after the end").isLessThan(5);
    }

    @Test
    void aWorkerWhoseRedisVanishesWithoutAWordWorksOnWhenItIsBack() throws Exception {
        try (VanishingProxy way = new VanishingProxy(redis)) {
            parts.add(new WorkerNode(way.url(), SLOTS, listener));
            GatewayNode gateway = gateway(ROOM);
            await("ready", gateway::isReady);
            ask(gateway.reranker(), request("before", 2, null)).completed();
            way.vanish();
            ask(gateway.reranker(), request("after", 2, null)).completed();
        }
    }

    @Test
    void aWorkerWhoseModelIsDeadLeavesTasksToOthers() throws Exception {
        WorkerNode broken = worker();
        broken.scripted().model().beforeStep(step -> {
            throw new IllegalStateException("the device is lost");
        });
        GatewayNode gateway = gateway(ROOM);
        await("ready", gateway::isReady);
        broken.fit = false;
        // One call may have been waiting for a task already.
        pause(1_500);
        worker();
        ask(gateway.reranker(), request("r", 24, null)).completed();
    }

    @Test
    void aTaskWhoseGatewayIsDeadIsNotBegunAnew() {
        WorkerNode worker = worker();
        worker.scripted().model().beforeStep(step -> pause(50));
        GatewayNode gateway = gateway(ROOM);
        await("ready", gateway::isReady);
        RerankRequest asked = request("r", 8, null);
        Options wordy = new Options(true, Integer.MAX_VALUE, 1000, Integer.MAX_VALUE, true, 1, null, null);
        Heard heard = ask(gateway.reranker(), new RerankRequest("r", asked.query(), asked.candidates(), wordy));
        await("work has begun", () -> heard.count(RerankEvent.DocumentStarted.class) > 0);
        gateway.link.close();
        RedisClient client = RedisClient.create(redis.url());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            var sync = connection.sync();
            await("the task ends", () -> sync.xlen("{test}:tasks:interactive") + sync.hlen("{test}:queue") == 0);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
        assertThat(claimed.get()).isZero();
    }

    @Test
    void concludesAtTheDeadlineWhatRunsAndWithdrawsWhatWaits() throws Exception {
        WorkerNode worker = worker();
        worker.scripted().model().beforeStep(step -> pause(60));
        GatewayNode gateway = gateway(ROOM);
        await("ready", gateway::isReady);
        Heard heard = ask(gateway.reranker(), request("r", 24, Duration.ofMillis(700)));
        List<RerankEvent.Ranked> ranking = heard.completed().ranking();
        heard.requireOneStoryEach(24);
        assertThat(ranking.stream().filter(ranked -> ranked.failure() == null).count())
                .isBetween(1L, 16L);
        assertThat(ranking.stream().filter(ranked -> ranked.failure() != null))
                .isNotEmpty()
                .allSatisfy(ranked -> assertThat(
                                Objects.requireNonNull(ranked.failure()).code())
                        .isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    @Test
    void failsDocumentsThatKillTheirWorkers() throws Exception {
        worker();
        GatewayNode gateway = gateway(ROOM);
        await("ready", gateway::isReady);
        parts.remove(0).close();
        RerankRequest request = request("r", 2, null);
        Heard heard = ask(gateway.reranker(), request);
        for (int i = 0; i < 3; i++) {
            WorkerNode dying = new WorkerNode(redis, SLOTS, listener);
            CountDownLatch reached = new CountDownLatch(1);
            CountDownLatch never = new CountDownLatch(1);
            dying.scripted().model().beforeStep(step -> {
                reached.countDown();
                hang(never);
            });
            assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
            dying.link.close();
            never.countDown();
        }
        worker();
        RerankEvent last = heard.end.get(30, TimeUnit.SECONDS);
        assertThat(last)
                .isInstanceOfSatisfying(
                        RerankEvent.Failed.class,
                        failed -> assertThat(failed.message()).contains("3 workers were lost"));
        heard.requireOneStoryEach(2);
    }

    @Test
    void refusesWhatTheClusterHasNoRoomForAndSaysWhenItWill() throws Exception {
        WorkerNode worker = worker();
        worker.scripted().model().beforeStep(step -> pause(10));
        GatewayNode one = gateway(3_000);
        GatewayNode other = gateway(3_000);
        await("ready", () -> one.isReady() && other.isReady());
        Heard first = ask(one.reranker(), request("a", 40, null));
        await("the other sees it", () -> isFull(other));
        assertThatThrownBy(() -> ask(other.reranker(), request("b", 40, null)))
                .isInstanceOfSatisfying(RerankException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
                    assertThat(refused.retryAfter())
                            .hasValueSatisfying(after ->
                                    assertThat(after).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60)));
                });
        first.completed();
        await("there is room again", () -> !isFull(other));
    }

    private static boolean isFull(GatewayNode node) {
        try {
            node.gateway.admit(2_500);
            return false;
        } catch (RerankException e) {
            return true;
        }
    }
}

package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.whyrank.cluster.ClusterProperties.Role;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A Redis that is not there, and one that asks who comes. */
class RedisLinkTest {

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        Logger log = (Logger) LoggerFactory.getLogger(RedisLink.class);
        log.setLevel(Level.INFO); // a command that another test ran may have silenced everything but warnings
        log.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        Logger log = (Logger) LoggerFactory.getLogger(RedisLink.class);
        log.setLevel(null);
        log.detachAppender(lines);
    }

    private static ClusterProperties properties(String url, @Nullable String password) {
        return new ClusterProperties(
                url, password, null, "test", Role.ALL, 1, 0, Duration.ofSeconds(10), 3, Duration.ofSeconds(15));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void saysOnceThatRedisIsAwayAndComesBackByItself() throws Exception {
        try (RedisServer redis = RedisServer.start(folder)) {
            redis.stop();
            try (RedisLink link = new RedisLink(properties(redis.url(), null))) {
                await(() -> !lines.list.isEmpty());
                int threads = Thread.activeCount();
                Thread.sleep(2000);
                assertThat(link.isReachable()).isFalse();
                assertThat(Thread.activeCount()).as("threads after many tries").isLessThanOrEqualTo(threads + 2);
                redis.start();
                await(link::isReachable);
                redis.kill();
                await(() -> !link.isReachable());
                redis.start();
                await(link::isReachable);
            }
            List<String> said = lines.list.stream()
                    .map(line -> line.getFormattedMessage().replaceAll(".*is (not )?reachable.*", "$1reachable"))
                    .toList();
            assertThat(said).containsExactly("not reachable", "reachable", "not reachable", "reachable");
        }
    }

    @Test
    void connectsAnewWhenTheHostVanishesWithoutAWord() throws Exception {
        try (RedisServer redis = RedisServer.start(folder);
                VanishingProxy way = new VanishingProxy(redis);
                RedisLink link = new RedisLink(properties(way.url(), null))) {
            await(link::isReachable);
            TaskQueue queue = new TaskQueue(link);
            AtomicInteger heard = new AtomicInteger();
            ResultReader reader = new ResultReader(link, queue.results("gateway"), report -> heard.incrementAndGet());
            await(() -> tell(queue, "gateway") && heard.get() > 0);
            way.vanish();
            await(() -> !link.isReachable());
            await(link::isReachable);
            int before = heard.get();
            await(() -> tell(queue, "gateway") && heard.get() > before);
            reader.close();
        }
    }

    private static boolean tell(TaskQueue queue, String gateway) {
        Report report = new Report("task", Lane.BULK, "1-1", new Run(1, "run"), List.of());
        try {
            queue.lease(gateway, Duration.ofMinutes(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            return queue.tell(gateway, report).toCompletableFuture().get(10, TimeUnit.SECONDS) == 1;
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void saysOnceWhatRedisDoesNotAllowAndNotThatItIsAway() throws Exception {
        try (RedisServer redis = RedisServer.start(folder);
                RedisLink link = new RedisLink(properties(redis.url(), null))) {
            await(link::isReachable);
            lines.list.clear();
            link.complain("Pulling a task", new RedisException("Connection closed"));
            link.complain("Pulling a task", new RedisLoadingException("LOADING"));
            assertThat(lines.list).isEmpty();
            for (int i = 0; i < 3; i++) {
                link.complain("Pulling a task", new RedisCommandExecutionException("NOPERM no such right"));
            }
            assertThat(lines.list)
                    .singleElement()
                    .satisfies(line -> assertThat(line.getFormattedMessage()).startsWith("Pulling a task failed"));
            link.complain("Pulling a task", new IllegalStateException("a fault of ours"));
            assertThat(lines.list).hasSize(2);
        }
    }

    @Test
    void provesWhoItIs() throws Exception {
        try (RedisServer redis = RedisServer.start(folder, "--requirepass", "se:cret")) {
            try (RedisLink link = new RedisLink(properties(redis.url(), "se:cret"))) {
                await(link::isReachable);
            }
            String withPassword = redis.url().replace("redis://", "redis://:se%3Acret@");
            try (RedisLink link = new RedisLink(properties(withPassword, null))) {
                await(link::isReachable);
            }
            try (RedisLink link = new RedisLink(properties(redis.url(), "wrong"))) {
                Thread.sleep(1000);
                assertThat(link.isReachable()).isFalse();
            }
        }
    }
}

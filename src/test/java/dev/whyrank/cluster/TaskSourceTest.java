package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which task comes next, asked of a real Redis. */
class TaskSourceTest {

    private static final Duration CLAIM_AFTER = Duration.ofSeconds(1);
    private static final int MORE_THAN_REDIS_LOOKS_AT = 15;

    @TempDir
    Path folder;

    private RedisServer redis;
    private RedisLink link;
    private TaskQueue queue;

    @BeforeEach
    void connect() throws Exception {
        redis = RedisServer.start(folder);
        link = new RedisLink(redis.properties("test"));
        while (!link.isReachable()) {
            Thread.sleep(10);
        }
        queue = new TaskQueue(link);
    }

    @AfterEach
    void close() {
        link.close();
        redis.close();
    }

    private TaskSource source(String worker) {
        return new TaskSource(link, queue, worker, CLAIM_AFTER);
    }

    private static TaskMessage task(String id, Lane lane) {
        List<TaskMessage.Text> documents = List.of(new TaskMessage.Text(0, "A box."));
        return new TaskMessage(
                id, "gateway", "request", lane, 0, "boxes?", null, false, 8, 1000, true, documents, 9, null);
    }

    private void add(String id) throws Exception {
        queue.add(task(id, Lane.INTERACTIVE)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void addAtOnce(TaskMessage one, TaskMessage other) {
        RedisCommands<String, String> redis = link.shared().sync();
        redis.multi();
        redis.xadd(queue.lane(one.lane()), "task", Wire.write(one));
        redis.xadd(queue.lane(other.lane()), "task", Wire.write(other));
        redis.exec();
    }

    private static Claimed await(TaskSource source) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        Optional<Claimed> next = source.next();
        while (next.isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(end);
            next = source.next();
        }
        return next.get();
    }

    @Test
    void findsTheTaskOfADeadWorkerBehindManyOfALivingOne() throws Exception {
        TaskSource living = source("living");
        TaskSource heir = source("heir");
        for (int i = 0; i < MORE_THAN_REDIS_LOOKS_AT; i++) {
            add("alive" + i);
        }
        List<Claimed> atWork = new ArrayList<>();
        for (int i = 0; i < MORE_THAN_REDIS_LOOKS_AT; i++) {
            atWork.add(await(living));
        }
        add("left");
        assertThat(await(source("dead")).task().id()).isEqualTo("left");
        Thread.sleep(CLAIM_AFTER.toMillis() + 200);
        for (Claimed claimed : atWork) {
            queue.renew(Lane.INTERACTIVE, "living", claimed.entry())
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
        Optional<Claimed> found = heir.next();
        assertThat(found).hasValueSatisfying(claimed -> {
            assertThat(claimed.task().id()).isEqualTo("left");
            assertThat(claimed.deliveries()).isEqualTo(2);
        });
    }

    @Test
    void keepsNoTaskBackThatItDoesNotGive() throws Exception {
        TaskSource one = source("one");
        TaskSource other = source("other");
        Set<String> given = new HashSet<>();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            // Both come while one waits; what it does not take must be there for the other, as if it were new.
            Future<Claimed> first = threads.submit((Callable<Claimed>) () -> await(one));
            Thread.sleep(200);
            addAtOnce(task("interactive", Lane.INTERACTIVE), task("bulk", Lane.BULK));
            given.add(first.get(20, TimeUnit.SECONDS).task().id());
            Claimed second = await(other);
            assertThat(second.attempt()).isEqualTo(1);
            given.add(second.task().id());
        } finally {
            threads.shutdownNow();
        }
        assertThat(given).containsExactlyInAnyOrder("interactive", "bulk");
    }
}

package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.whyrank.batch.Batch;
import dev.whyrank.batch.Batch.Status;
import dev.whyrank.batch.BatchStore;
import dev.whyrank.batch.BatchStoreContract;
import dev.whyrank.batch.LineResult;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches in a real Redis. */
class RedisBatchStoreTest extends BatchStoreContract {

    private static final Duration LEASE = Duration.ofMillis(400);

    private static RedisServer redis;
    private static RedisLink link;

    private static RedisBatchStore store;

    @BeforeAll
    static void start(@TempDir Path folder) {
        redis = RedisServer.start(folder);
        link = new RedisLink(redis.properties("test"));
        await().until(link::isReachable);
        store = new RedisBatchStore(link, Duration.ofHours(1));
    }

    @AfterAll
    static void stop() {
        link.close();
        redis.close();
    }

    @Override
    protected BatchStore store() {
        return store;
    }

    @Test
    void aLeaseKeepsOthersAwayUntilItIsOver() {
        String id = add("a");
        assertThat(store.hold(id, "me", LEASE)).isTrue();
        assertThat(store.hold(id, "you", LEASE)).isFalse();
        store.letGo(id, "you");
        assertThat(store.hold(id, "you", LEASE)).isFalse();
        await().until(() -> store.hold(id, "you", LEASE));
        assertThat(store.hold(id, "me", LEASE)).isFalse();
        store.letGo(id, "you");
        assertThat(store.hold(id, "me", LEASE)).isTrue();
    }

    @Test
    void everyKeyEndsByItself() {
        String id = add("a", "b");
        store.hold(id, "me", LEASE);
        store.finish(id, 1, new LineResult(true, "x", "no room"));
        var commands = link.shared().sync();
        assertThat(commands.keys("*"))
                .anyMatch(key -> key.endsWith(":lines"))
                .anyMatch(key -> key.endsWith(":results"))
                .allSatisfy(key -> {
                    assertThat(key).startsWith("{test}:");
                    assertThat(commands.pttl(key))
                            .as(key)
                            .isBetween(0L, Duration.ofHours(1).toMillis());
                });
    }

    @Test
    void anEndedBatchIsForgottenAfterItsTime() {
        RedisBatchStore brief = new RedisBatchStore(link, Duration.ofMillis(300));
        String id = "batch_brief";
        brief.add(Batch.begun(id, "", 1, NOW), Collections.nCopies(1, "a"));
        brief.finish(id, 1, new LineResult(true, "x", "no room"));
        brief.end(id, Status.COMPLETED, NOW);
        assertThat(brief.find(id)).isPresent();
        await().until(() -> brief.find(id).isEmpty());
        assertThat(brief.results(id, 1, 2)).isEmpty();
    }

    @Test
    void manyLinesAreKept() {
        String id = add(Collections.nCopies(1_234, "{\"query\":\"q\"}").toArray(String[]::new));
        assertThat(store.unfinished(id)).hasSize(1_234);
        store.cancel(id);
        store.end(id, Status.CANCELLED, NOW);
    }

    @Test
    void withoutRedisItSaysSo(@TempDir Path folder) {
        try (RedisServer gone = RedisServer.start(folder);
                RedisLink broken = new RedisLink(gone.properties("test"))) {
            await().until(broken::isReachable);
            gone.kill();
            RedisBatchStore lost = new RedisBatchStore(broken, Duration.ofHours(1));
            assertThatThrownBy(() -> lost.find("batch_x"))
                    .isInstanceOfSatisfying(
                            RerankException.class,
                            thrown -> assertThat(thrown.code()).isEqualTo(ErrorCode.NOT_READY));
        }
    }
}

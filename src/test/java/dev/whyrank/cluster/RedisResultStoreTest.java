package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.cache.CachedResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The result cache in a real Redis, which may be slow or away. */
class RedisResultStoreTest {

    private static final String KEY = "0".repeat(64);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private RedisServer redis;
    private RedisLink link;
    private RedisResultStore store;

    @BeforeEach
    void start(@TempDir Path folder) {
        redis = RedisServer.start(folder);
        link = new RedisLink(redis.properties("test"));
        await().until(link::isReachable);
        store = new RedisResultStore(link, Duration.ofHours(1));
        log.start();
        ((Logger) LoggerFactory.getLogger(RedisResultStore.class)).addAppender(log);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(RedisResultStore.class)).detachAppender(log);
        link.close();
        redis.close();
    }

    private static CachedResult result() {
        Judgement judgement = new Judgement(
                "Größe 😀\n\"quoted\"",
                1,
                List.of(0, 1, 2),
                List.of(0.1, 1.0 / 3, 1 - 0.1 - 1.0 / 3),
                0.5000000001,
                LabelSource.FORCED,
                Ending.LENGTH,
                true,
                new Judgement.Usage(7, 2, 3));
        return new CachedResult(judgement, List.of("a warning"));
    }

    @Test
    void othersFindTheVeryJudgement() {
        store.keep(KEY, result());
        RedisResultStore other = new RedisResultStore(link, Duration.ofHours(1));
        await().until(() -> !other.find(List.of(KEY)).isEmpty());
        assertThat(other.find(List.of("1".repeat(64), KEY))).isEqualTo(Map.of(KEY, result()));
        var commands = link.shared().sync();
        assertThat(commands.keys("*"))
                .singleElement()
                .satisfies(key -> assertThat(commands.pttl(key))
                        .isBetween(1L, Duration.ofHours(1).toMillis()));
    }

    @Test
    void whatCannotBeReadIsNotThere() {
        link.shared().sync().set(link.keys().of("result1", KEY), "{\"another\":\"version\"}");
        assertThat(store.find(List.of(KEY))).isEmpty();
    }

    @Test
    void aRedisThatIsAwayIsAMissAndIsSaidOnce() {
        redis.kill();
        for (int i = 0; i < 50; i++) {
            assertThat(store.find(List.of(KEY))).isEmpty();
            store.keep(KEY, result());
        }
        await().until(() -> !log.list.isEmpty());
        redis.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            store.keep(KEY, result());
            return !store.find(List.of(KEY)).isEmpty();
        });
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .satisfiesExactly(
                        line -> assertThat(line).contains("does not answer"),
                        line -> assertThat(line).contains("answers again"));
    }

    @Test
    void aRedisThatHangsIsWaitedForOnce() {
        redis.freeze();
        try {
            long before = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThat(store.find(List.of(KEY))).isEmpty();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
            assertThat(log.list).hasSize(1);
        } finally {
            redis.thaw();
        }
    }
}

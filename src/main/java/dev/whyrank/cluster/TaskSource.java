package dev.whyrank.cluster;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.ClaimedMessages;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** Where a worker gets its tasks from, one at a time. Belongs to one thread, which it lets wait. */
final class TaskSource {

    private static final Logger LOG = LoggerFactory.getLogger(TaskSource.class);

    private static final Duration BLOCK = Duration.ofSeconds(1);
    private static final String FIELD = "task";
    private static final String BEGINNING = "0-0";

    /** Looks for tasks of the dead so many times in the time after which a worker is one. */
    private static final int LOOKS = 4;

    private final RedisLink link;
    private final TaskQueue queue;
    private final Consumer<String> consumer;
    private final Duration claimAfter;
    private @Nullable StatefulRedisConnection<String, String> connection;
    private long lookedAt = System.nanoTime();

    TaskSource(RedisLink link, TaskQueue queue, String worker, Duration claimAfter) {
        this.link = link;
        this.queue = queue;
        this.consumer = Consumer.from(TaskQueue.GROUP, worker);
        this.claimAfter = claimAfter;
    }

    /**
     * The next task, interactive ones first; waits a second for one.
     *
     * @throws io.lettuce.core.RedisException if Redis cannot be asked
     */
    Optional<Claimed> next() {
        try {
            RedisCommands<String, String> redis = connection().sync();
            Optional<Claimed> left = ofTheDead(redis);
            return left.isPresent() ? left : fresh(redis);
        } catch (RedisCommandExecutionException e) {
            if (!String.valueOf(e.getMessage()).startsWith("NOGROUP")) {
                throw e;
            }
            createGroups();
            return Optional.empty();
        }
    }

    private StatefulRedisConnection<String, String> connection() {
        StatefulRedisConnection<String, String> mine = connection;
        if (mine == null) {
            mine = link.dedicated();
            connection = mine;
        }
        return mine;
    }

    private void createGroups() {
        for (Lane lane : Lane.values()) {
            try {
                connection()
                        .sync()
                        .xgroupCreate(
                                StreamOffset.from(queue.lane(lane), "0"),
                                TaskQueue.GROUP,
                                XGroupCreateArgs.Builder.mkstream());
            } catch (RedisBusyException e) {
                LOG.debug("another worker was first", e);
            }
        }
    }

    @SuppressWarnings("unchecked") // varargs of a generic type
    private Optional<Claimed> fresh(RedisCommands<String, String> redis) {
        for (Lane lane : Lane.values()) {
            var read = redis.xreadgroup(consumer, XReadArgs.Builder.count(1), next(lane));
            if (!read.isEmpty()) {
                return claimed(read.get(0), lane, 1);
            }
        }
        // Both lanes at once, because they may both be empty; then both can hold something, one of which is put back.
        var read = redis.xreadgroup(
                consumer, XReadArgs.Builder.block(BLOCK).count(1), next(Lane.INTERACTIVE), next(Lane.BULK));
        if (read.isEmpty()) {
            return Optional.empty();
        }
        read.subList(1, read.size()).forEach(this::putBack);
        return claimed(read.get(0), laneOf(read.get(0)), 1);
    }

    private Lane laneOf(StreamMessage<String, String> message) {
        return message.getStream().equals(queue.lane(Lane.BULK)) ? Lane.BULK : Lane.INTERACTIVE;
    }

    /** Leaves a task that was not begun to whoever looks next, as if it had never been given to anyone. */
    private void putBack(StreamMessage<String, String> message) {
        XClaimArgs untouched = new XClaimArgs().justid().idle(claimAfter).retryCount(0);
        connection()
                .async()
                .xclaim(queue.lane(laneOf(message)), consumer, untouched, message.getId())
                .exceptionally(away -> List.of());
        lookedAt -= claimAfter.toNanos();
    }

    private StreamOffset<String> next(Lane lane) {
        return StreamOffset.lastConsumed(queue.lane(lane));
    }

    private Optional<Claimed> ofTheDead(RedisCommands<String, String> redis) {
        long now = System.nanoTime();
        if (now - lookedAt < claimAfter.toNanos() / LOOKS) {
            return Optional.empty();
        }
        for (Lane lane : Lane.values()) {
            List<StreamMessage<String, String>> oldest = oldestOfTheDead(redis, lane);
            if (!oldest.isEmpty()) {
                // There may be more: the next call looks again at once.
                StreamMessage<String, String> message = oldest.get(0);
                return claimed(message, lane, deliveries(redis, lane, message.getId()));
            }
        }
        lookedAt = now;
        return Optional.empty();
    }

    /** One message or none. Redis looks at a few entries a command and says where to go on; the first may be alive. */
    private List<StreamMessage<String, String>> oldestOfTheDead(RedisCommands<String, String> redis, Lane lane) {
        String from = BEGINNING;
        do {
            XAutoClaimArgs<String> next = XAutoClaimArgs.Builder.xautoclaim(consumer, claimAfter, from)
                    .count(1);
            ClaimedMessages<String, String> claimed = redis.xautoclaim(queue.lane(lane), next);
            if (!claimed.getMessages().isEmpty()) {
                return claimed.getMessages();
            }
            from = claimed.getId();
        } while (!from.equals(BEGINNING));
        return List.of();
    }

    private long deliveries(RedisCommands<String, String> redis, Lane lane, String entry) {
        return redis.xpending(queue.lane(lane), TaskQueue.GROUP, Range.create(entry, entry), Limit.from(1)).stream()
                .mapToLong(pending -> pending.getRedeliveryCount())
                .max()
                .orElse(2);
    }

    private Optional<Claimed> claimed(StreamMessage<String, String> message, Lane lane, long deliveries) {
        try {
            TaskMessage task = Wire.read(String.valueOf(message.getBody().get(FIELD)), TaskMessage.class);
            return Optional.of(new Claimed(task, message.getId(), deliveries));
        } catch (JacksonException e) {
            LOG.error("A task could not be read and is dropped: {}", e.getOriginalMessage());
            connection().sync().xack(queue.lane(lane), TaskQueue.GROUP, message.getId());
            connection().sync().xdel(queue.lane(lane), message.getId());
            return Optional.empty();
        }
    }

    /** Milliseconds since a task was added, by Redis's own clock. */
    long waitedMillis(String entry) {
        var time = connection().sync().time();
        long now = Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
        return Math.max(0, now - Long.parseLong(entry.substring(0, entry.indexOf('-'))));
    }

    /** Lets go of its connection; asked for a task again, it takes a new one. */
    void close() {
        link.release(connection);
        connection = null;
    }
}

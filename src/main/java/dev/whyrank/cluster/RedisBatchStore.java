package dev.whyrank.cluster;

import dev.whyrank.batch.Batch;
import dev.whyrank.batch.BatchStore;
import dev.whyrank.batch.LineResult;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Batches that any process of a deployment takes up. A batch is a hash; its open lines and its results are two more, and a
 * line moves from one to the other in one script, so that it is finished once. Every key ends by itself: a batch that
 * nobody holds, like one that has ended, is kept for the retention; whoever holds it keeps it alive.
 */
public final class RedisBatchStore implements BatchStore {

    private static final Duration COME_BACK = Duration.ofSeconds(5);
    private static final int LINES_PER_COMMAND = 100;

    private static final String OWNER = "owner";
    private static final String TOTAL = "total";
    private static final String COMPLETED = "completed";
    private static final String FAILED = "failed";
    private static final String STATUS = "status";
    private static final String CREATED = "created";
    private static final String ENDED = "ended";

    private static final RedisScript LINES = new RedisScript("""
            redis.call('HSET', KEYS[1], unpack(ARGV, 2))
            return redis.call('PEXPIRE', KEYS[1], ARGV[1])""");

    private static final RedisScript OPEN = new RedisScript("""
            redis.call('HSET', KEYS[1], unpack(ARGV, 3))
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            redis.call('ZADD', KEYS[2], redis.call('INCR', KEYS[3]), ARGV[2])
            redis.call('PEXPIRE', KEYS[2], ARGV[1])
            redis.call('PEXPIRE', KEYS[3], ARGV[1])
            return 1""");

    private static final RedisScript HOLD = new RedisScript("""
            if redis.call('EXISTS', KEYS[1]) == 0 then
              redis.call('ZREM', KEYS[5], ARGV[1])
              return 0
            end
            local holder = redis.call('GET', KEYS[4])
            if holder and holder ~= ARGV[2] then return 0 end
            redis.call('SET', KEYS[4], ARGV[2], 'PX', ARGV[3])
            for i, key in ipairs({KEYS[1], KEYS[2], KEYS[3], KEYS[5], KEYS[6]}) do
              redis.call('PEXPIRE', key, ARGV[4])
            end
            return 1""");

    private static final RedisScript LET_GO = new RedisScript("""
            if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
            return 0""");

    private static final RedisScript FINISH = new RedisScript("""
            if redis.call('HDEL', KEYS[2], ARGV[1]) == 0 then return 0 end
            redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
            redis.call('PEXPIRE', KEYS[3], ARGV[4])
            return redis.call('HINCRBY', KEYS[1], ARGV[3], 1)""");

    private static final RedisScript CANCEL = new RedisScript("""
            if redis.call('HGET', KEYS[1], 'status') ~= 'IN_PROGRESS' then return 0 end
            return redis.call('HSET', KEYS[1], 'status', 'CANCELLING')""");

    private static final RedisScript END = new RedisScript("""
            redis.call('ZREM', KEYS[4], ARGV[1])
            local status = redis.call('HGET', KEYS[1], 'status')
            if status ~= 'IN_PROGRESS' and status ~= 'CANCELLING' then return 0 end
            redis.call('HSET', KEYS[1], 'status', ARGV[2], 'ended', ARGV[3])
            redis.call('DEL', KEYS[2])
            redis.call('PEXPIRE', KEYS[1], ARGV[4])
            redis.call('PEXPIRE', KEYS[3], ARGV[4])
            return 1""");

    private final RedisLink link;
    private final String retentionMillis;

    /**
     * A store over a link, which stays the caller's.
     *
     * @param retention how long a batch is kept that has ended, or that nobody works on
     */
    public RedisBatchStore(RedisLink link, Duration retention) {
        this.link = link;
        this.retentionMillis = String.valueOf(retention.toMillis());
    }

    private String meta(String id) {
        return link.keys().of("batch", id);
    }

    private String lines(String id) {
        return link.keys().of("batch", id, "lines");
    }

    private String results(String id) {
        return link.keys().of("batch", id, "results");
    }

    private String lease(String id) {
        return link.keys().of("batch", id, "lease");
    }

    private String opened() {
        return link.keys().of("batches", "open");
    }

    private String count() {
        return link.keys().of("batches", "count");
    }

    private <T> T ask(Function<RedisCommands<String, String>, T> question) {
        try {
            return question.apply(link.shared().sync());
        } catch (RedisException e) {
            boolean full = String.valueOf(e.getMessage()).startsWith("OOM");
            throw full
                    ? new RerankException(ErrorCode.OVERLOADED, "Redis is full; try again later", COME_BACK)
                    : new RerankException(
                            ErrorCode.NOT_READY, "batches are kept in Redis, which does not answer now", COME_BACK);
        }
    }

    @Override
    public void add(Batch batch, List<String> texts) {
        String id = batch.id();
        ask(redis -> {
            for (int from = 0; from < texts.size(); from += LINES_PER_COMMAND) {
                int to = Math.min(texts.size(), from + LINES_PER_COMMAND);
                Stream<String> lines =
                        IntStream.range(from, to).boxed().flatMap(i -> Stream.of(String.valueOf(i + 1), texts.get(i)));
                LINES.run(
                        redis,
                        List.of(lines(id)),
                        Stream.concat(Stream.of(retentionMillis), lines).toArray(String[]::new));
            }
            return OPEN.run(
                    redis,
                    List.of(meta(id), opened(), count()),
                    retentionMillis,
                    id,
                    OWNER,
                    batch.owner(),
                    TOTAL,
                    String.valueOf(batch.total()),
                    STATUS,
                    batch.status().name(),
                    CREATED,
                    batch.createdAt().toString());
        });
    }

    @Override
    public Optional<Batch> find(String id) {
        Map<String, String> fields = ask(redis -> redis.hgetall(meta(id)));
        return fields.containsKey(TOTAL) ? Optional.of(batch(id, fields)) : Optional.empty();
    }

    private static Batch batch(String id, Map<String, String> fields) {
        String ended = fields.get(ENDED);
        return new Batch(
                id,
                fields.getOrDefault(OWNER, ""),
                number(fields, TOTAL),
                number(fields, COMPLETED),
                number(fields, FAILED),
                Batch.Status.valueOf(fields.getOrDefault(STATUS, Batch.Status.IN_PROGRESS.name())),
                Instant.parse(fields.getOrDefault(CREATED, Instant.EPOCH.toString())),
                ended == null ? null : Instant.parse(ended));
    }

    private static int number(Map<String, String> fields, String name) {
        return Integer.parseInt(fields.getOrDefault(name, "0"));
    }

    @Override
    public List<String> open() {
        return ask(redis -> redis.zrange(opened(), 0, -1));
    }

    @Override
    public boolean hold(String id, String holder, Duration duration) {
        return ask(redis -> HOLD.run(
                        redis,
                        List.of(meta(id), lines(id), results(id), lease(id), opened(), count()),
                        id,
                        holder,
                        String.valueOf(duration.toMillis()),
                        retentionMillis))
                == 1;
    }

    @Override
    public void letGo(String id, String holder) {
        ask(redis -> LET_GO.run(redis, List.of(lease(id)), holder));
    }

    @Override
    public SortedSet<Integer> unfinished(String id) {
        return ask(redis -> redis.hkeys(lines(id))).stream()
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public Optional<String> line(String id, int number) {
        return Optional.ofNullable(ask(redis -> redis.hget(lines(id), String.valueOf(number))));
    }

    @Override
    public void finish(String id, int number, LineResult result) {
        ask(redis -> FINISH.run(
                redis,
                List.of(meta(id), lines(id), results(id)),
                String.valueOf(number),
                result.json(),
                result.answered() ? COMPLETED : FAILED,
                retentionMillis));
    }

    @Override
    public void cancel(String id) {
        ask(redis -> CANCEL.run(redis, List.of(meta(id))));
    }

    @Override
    public void end(String id, Batch.Status status, Instant now) {
        ask(redis -> END.run(
                redis,
                List.of(meta(id), lines(id), results(id), opened()),
                id,
                status.name(),
                now.toString(),
                retentionMillis));
    }

    @Override
    public SortedMap<Integer, String> results(String id, int from, int to) {
        String[] numbers = IntStream.range(from, to).mapToObj(String::valueOf).toArray(String[]::new);
        SortedMap<Integer, String> found = new TreeMap<>();
        for (KeyValue<String, String> result : ask(redis -> redis.hmget(results(id), numbers))) {
            result.ifHasValue(json -> found.put(Integer.valueOf(result.getKey()), json));
        }
        return found;
    }
}

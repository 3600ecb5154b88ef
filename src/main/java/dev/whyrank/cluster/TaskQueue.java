package dev.whyrank.cluster;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Everything that gateways and workers do to tasks in Redis and that returns at once. Safe for use by many threads. */
final class TaskQueue {

    static final String GROUP = "workers";

    /** A deployment that nobody uses leaves nothing behind after this. */
    private static final Duration UNUSED = Duration.ofDays(1);

    /** An answer that its gateway does not read is dropped after this. */
    private static final Duration UNREAD = Duration.ofMinutes(1);

    /** Reports of one gateway that may wait to be read. */
    private static final int MOST_REPORTS = 100_000;

    private static final String CONTROL = "control";

    private final RedisLink link;
    private final Keys keys;

    TaskQueue(RedisLink link) {
        this.link = link;
        this.keys = link.keys();
    }

    /** What the queue holds. */
    record Depth(long tasks, long tokens, long doneTokens) {}

    String results(String gateway) {
        return keys.of("results", gateway);
    }

    String lane(Lane lane) {
        return lane.key(keys);
    }

    String control() {
        return keys.of(CONTROL);
    }

    private String lease(String gateway) {
        return keys.of("lease", gateway);
    }

    private String[] counted(Lane lane) {
        return new String[] {lane.key(keys), keys.of("queue"), keys.of("queue", "tokens")};
    }

    /** Sends a command; what cannot be sent has failed. */
    private <T> CompletionStage<T> ask(Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
        try {
            return command.apply(link.shared().async());
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Long> number(String script, String[] names, String... values) {
        return ask(redis -> redis.<Long>eval(script, ScriptOutputType.INTEGER, names, values));
    }

    /** Adds a task; gives its entry. */
    CompletionStage<String> add(TaskMessage task) {
        return ask(redis -> redis.<String>eval(
                Scripts.ADD,
                ScriptOutputType.VALUE,
                counted(task.lane()),
                task.id(),
                Long.toString(task.tokens()),
                Wire.write(task),
                Long.toString(UNUSED.toMillis())));
    }

    /** Takes a task back, wherever it is, and tells whoever works on it. */
    CompletionStage<Long> cancel(String task, Lane lane, String entry) {
        say("cancel", task);
        return number(Scripts.CANCEL, counted(lane), task, GROUP, entry);
    }

    /** Takes a task back that no worker has; gives 0 if one has. */
    CompletionStage<Long> withdraw(String task, Lane lane, String entry) {
        return number(Scripts.WITHDRAW, counted(lane), task, GROUP, entry);
    }

    /** A word to whichever worker has a task. */
    void say(String word, String task) {
        ask(redis -> redis.publish(control(), word + " " + task)).exceptionally(away -> 0L);
    }

    /** Which of a lane's entries are there. */
    CompletionStage<List<String>> present(Lane lane, List<String> entries) {
        return ask(redis -> redis.<List<String>>eval(
                Scripts.PRESENT,
                ScriptOutputType.MULTI,
                new String[] {lane.key(keys)},
                entries.toArray(String[]::new)));
    }

    CompletionStage<Depth> depth() {
        return ask(redis -> redis.hlen(keys.of("queue"))
                .thenCombine(
                        redis.mget(keys.of("queue", "tokens"), keys.of("queue", "done")),
                        (tasks, counters) -> new Depth(
                                tasks,
                                Long.parseLong(counters.get(0).getValueOrElse("0")),
                                Long.parseLong(counters.get(1).getValueOrElse("0")))));
    }

    /** A gateway lives for so much longer. */
    CompletionStage<String> lease(String gateway, Duration time) {
        return ask(redis -> redis.psetex(lease(gateway), time.toMillis(), "alive"));
    }

    /** A gateway has ended. */
    CompletionStage<Long> leave(String gateway) {
        return ask(redis -> redis.del(lease(gateway), results(gateway)));
    }

    CompletionStage<String> publish(ModelCard card, Duration time) {
        return ask(redis -> redis.psetex(keys.of("model"), time.toMillis(), Wire.write(card)));
    }

    CompletionStage<String> card() {
        return ask(redis -> redis.get(keys.of("model")));
    }

    /** Tells a gateway news; gives 0 if it is dead. */
    CompletionStage<Long> tell(String gateway, Report report) {
        return number(
                Scripts.TELL,
                new String[] {results(gateway), lease(gateway)},
                Wire.write(report),
                Integer.toString(MOST_REPORTS),
                Long.toString(UNREAD.toMillis()));
    }

    /** Tells a gateway the last of a task, possibly nothing, and ends it. */
    CompletionStage<Long> finish(String gateway, Report report) {
        String[] counted = counted(report.lane());
        String[] names = {counted[0], counted[1], counted[2], keys.of("queue", "done"), results(gateway), lease(gateway)
        };
        return number(
                Scripts.FINISH,
                names,
                report.task(),
                GROUP,
                report.entry(),
                report.events().isEmpty() ? "" : Wire.write(report),
                Integer.toString(MOST_REPORTS),
                Long.toString(UNREAD.toMillis()),
                Long.toString(UNUSED.toMillis()));
    }

    /** Says that a worker is still at it: 1 if so, 0 if the task was taken back, -1 if another has it. */
    CompletionStage<Long> renew(Lane lane, String consumer, String entry) {
        return number(Scripts.RENEW, new String[] {lane.key(keys)}, GROUP, consumer, entry);
    }

    /** Leaves a task to whoever looks next. */
    CompletionStage<?> release(Lane lane, String consumer, String entry) {
        XClaimArgs abandoned = new XClaimArgs().justid().idle(UNUSED);
        return ask(redis -> redis.xclaim(lane.key(keys), Consumer.from(GROUP, consumer), abandoned, entry));
    }
}

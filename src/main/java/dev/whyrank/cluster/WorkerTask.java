package dev.whyrank.cluster;

import dev.whyrank.rerank.EngineFailure;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Mailbox;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task at work here. Everything but stopping happens in its mailbox. Muted, it tells nothing more but still counts its
 * documents, so that their slots are given back when they are free and not before.
 */
final class WorkerTask implements Judge.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerTask.class);

    private final Claimed claimed;
    private final Judge judge;
    private final TaskQueue queue;
    private final Run run;
    private final Host host;
    private final Mailbox mailbox;
    private final Outbox outbox;
    private final Map<Integer, Integer> told = new HashMap<>();
    private final Set<Integer> open = new HashSet<>();
    private volatile boolean muted;
    private volatile boolean concluded;
    private volatile @Nullable Future<?> deadline;
    private volatile Judge.@Nullable Judging judging;

    /** The worker, as its tasks see it. */
    interface Host {

        /** A document needs no slot any more. */
        void freed(int documents);

        /** The task is over, in Redis too, or no longer this worker's. */
        void over(WorkerTask task);
    }

    WorkerTask(Claimed claimed, Judge judge, TaskQueue queue, Executor pool, Host host) {
        this.claimed = claimed;
        this.judge = judge;
        this.queue = queue;
        this.host = host;
        this.mailbox = new Mailbox(pool, this::broken);
        this.open.addAll(claimed.task().indices());
        this.run = new Run(claimed.attempt(), UUID.randomUUID().toString());
        this.outbox = new Outbox(queue, claimed, run, this::drop, () -> host.over(this));
    }

    Claimed claimed() {
        return claimed;
    }

    int documents() {
        return claimed.task().documents().size();
    }

    /** Begins to judge. */
    void begin() {
        mailbox.execute(this::judge);
    }

    /** Does not judge what has killed its workers. */
    void giveUp(int attempts) {
        mailbox.execute(() -> List.copyOf(open)
                .forEach(index -> failed(
                        index,
                        ErrorCode.ENGINE_FAILURE,
                        attempts + " workers were lost while they judged this document; it is not tried again")));
    }

    private void judge() {
        TaskMessage task = claimed.task();
        try {
            Judge.Judging begun = judge.judge(
                    new Judge.Task(task.asRequest(), task.indices(), task.explain(), mailbox, () -> muted), this);
            judging = begun;
            outbox.send(new TaskEvent.Begun(begun.warnings()), false);
            if (muted) {
                begun.cancel();
            } else if (concluded) {
                begun.conclude();
            }
        } catch (RuntimeException e) {
            EngineFailure refusal = EngineFailure.atHandOver(e, task.request());
            refused(refusal.code(), refusal.message());
        }
    }

    /** Stops at once and tells nothing: the task is wanted no more, or is another's. */
    void stop() {
        muted = true;
        outbox.close();
        Judge.Judging current = judging;
        if (current != null) {
            current.cancel();
        }
        host.over(this);
    }

    /** Nobody waits for the task, so it is ended in Redis, too: no other worker is to begin it anew. */
    private void drop() {
        TaskMessage task = claimed.task();
        LOG.debug("the gateway of a task of request {} is dead", task.request());
        stop();
        queue.finish(task.gateway(), new Report(task.id(), task.lane(), claimed.entry(), run, List.of()))
                .exceptionally(away -> 0L);
    }

    /** Its deadline is planned. */
    void ends(Future<?> planned) {
        deadline = planned;
    }

    void callOffDeadline() {
        Future<?> planned = deadline;
        if (planned != null) {
            planned.cancel(false);
        }
    }

    /** The deadline has come. */
    void conclude() {
        concluded = true;
        Judge.Judging current = judging;
        if (current != null) {
            current.conclude();
        }
    }

    private void tell(TaskEvent event) {
        if (!muted) {
            outbox.send(event, open.isEmpty());
        }
    }

    private void end(int index, TaskEvent event) {
        if (open.remove(index)) {
            host.freed(1);
            tell(event);
        }
    }

    @Override
    public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {
        tell(new TaskEvent.Started(index, promptTokens, cachedTokens, truncated));
    }

    @Override
    public void delta(int index, String text) {
        int offset = told.merge(index, text.length(), Integer::sum) - text.length();
        tell(new TaskEvent.Delta(index, offset, text));
    }

    @Override
    public void judged(int index, Judgement judgement) {
        end(index, new TaskEvent.Judged(index, judgement));
    }

    @Override
    public void failed(int index, ErrorCode code, String message) {
        end(index, new TaskEvent.Failed(index, code, message));
    }

    @Override
    public void withdrawn(int index) {
        end(index, new TaskEvent.Withdrawn(index));
    }

    @Override
    public void refused(ErrorCode code, String message) {
        host.freed(open.size());
        open.clear();
        tell(new TaskEvent.Refused(code, message));
    }

    private void broken(Throwable cause) {
        LOG.error("a task of request {} failed", claimed.task().request(), cause);
        refused(ErrorCode.ENGINE_FAILURE, "the request failed inside a worker");
    }
}

package dev.whyrank.cluster;

import dev.whyrank.rerank.Judge;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task as its gateway sees it. Documents and their ends belong to the request's mailbox; where the entry is and when
 * something was heard last is for every thread.
 */
final class GatewayTask {

    private final TaskMessage message;
    private final Judge.Listener listener;
    private final Executor mailbox;
    private final Consumer<GatewayTask> onEnd;
    private final long added;
    private final Map<Integer, DocumentMerge> documents = new LinkedHashMap<>();
    private volatile @Nullable String entry;
    private volatile long heard;
    private volatile int attempts;
    private volatile boolean ended;
    private volatile int absences;

    GatewayTask(
            TaskMessage message, Judge.Listener listener, Executor mailbox, Consumer<GatewayTask> onEnd, long nanos) {
        this.message = message;
        this.listener = listener;
        this.mailbox = mailbox;
        this.onEnd = onEnd;
        this.added = nanos;
        this.heard = nanos;
        message.indices().forEach(index -> documents.put(index, new DocumentMerge(index)));
    }

    String id() {
        return message.id();
    }

    Lane lane() {
        return message.lane();
    }

    @Nullable
    String entry() {
        return entry;
    }

    void addedAs(String entry) {
        this.entry = entry;
        absences = 0;
    }

    boolean ended() {
        return ended;
    }

    long addedNanos() {
        return added;
    }

    /** When news came last, or the task was added. */
    long heardNanos() {
        return heard;
    }

    /** The task was looked for and is not there; says whether that was so before, with no news in between. */
    boolean absent() {
        int before = absences;
        absences = before + 1;
        return before > 0;
    }

    void present() {
        absences = 0;
    }

    /** The message for adding the task again. */
    TaskMessage again(long nanos) {
        Long left = message.deadlineMillis();
        long passed = Duration.ofNanos(nanos - added).toMillis();
        return message.again(attempts, left == null ? null : Math.max(0, left - passed));
    }

    /** Takes news, on any thread. */
    void hear(Report report, long nanos) {
        heard = nanos;
        absences = 0;
        attempts = Math.max(attempts, report.run().attempt());
        mailbox.execute(() -> report.events().forEach(event -> accept(report.run(), event)));
    }

    private void accept(Run run, TaskEvent event) {
        if (ended) {
            return;
        }
        if (event instanceof TaskEvent.Begun begun) {
            listener.warned(begun.warnings());
        } else if (event instanceof TaskEvent.Refused refused) {
            end(() -> listener.refused(refused.code(), refused.message()));
        } else if (event instanceof TaskEvent.OfDocument about) {
            DocumentMerge document = documents.get(about.index());
            if (document != null) {
                document.accept(run, about, listener);
                endIfAllHave();
            }
        }
    }

    private void endIfAllHave() {
        if (documents.values().stream().allMatch(DocumentMerge::ended)) {
            end(() -> {});
        }
    }

    private void end(Runnable last) {
        if (ended) {
            return;
        }
        ended = true;
        onEnd.accept(this);
        last.run();
    }

    /** Every open document ends as withdrawn, in the mailbox. */
    void withdraw() {
        mailbox.execute(() -> end(() -> documents.forEach((index, document) -> {
            if (!document.ended()) {
                document.end();
                listener.withdrawn(index);
            }
        })));
    }
}

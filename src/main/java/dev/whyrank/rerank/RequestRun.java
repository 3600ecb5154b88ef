package dev.whyrank.rerank;

import dev.whyrank.rerank.Judgement.Ending;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted request from its start to its terminal event. Everything but {@link #cancel()} happens in its mailbox,
 * so that no lock is needed and events cannot overtake each other. Documents whose judge reports late, after the
 * request was ended from outside, are ignored.
 */
final class RequestRun implements ActiveRun, Judge.Listener, Reranker.Handle {

    private static final Logger LOG = LoggerFactory.getLogger(RequestRun.class);

    private static final String CANCELLED = "the request was cancelled";

    private final RerankRequest request;
    private final Judge judge;
    private final Audience audience;
    private final Surroundings around;
    private final int queuePosition;
    private final Mailbox mailbox;
    private final Standings standings;
    private final Stopwatch stopwatch;
    private final Set<String> warnings = new LinkedHashSet<>();
    private Pass pass = Pass.ONLY;
    private int outstanding;
    private boolean deadlinePassed;
    private boolean ended;
    private Runnable callOffDeadline = () -> {};
    private RerankEvent.@Nullable Failed failure;
    private volatile boolean cancelled;
    private volatile Judge.@Nullable Judging judging;

    /** Documents are judged in one pass, or labelled first so that only the best are explained. */
    private enum Pass {
        ONLY,
        LABELS,
        EXPLANATIONS
    }

    RequestRun(
            RerankRequest request,
            Judge judge,
            Consumer<RerankEvent> listener,
            Stopwatch stopwatch,
            Surroundings around) {
        this.request = request;
        this.judge = judge;
        this.audience = new Audience(request.id(), listener, this::cancel);
        this.around = around;
        this.stopwatch = stopwatch;
        this.mailbox = new Mailbox(LoggedRequests.on(around.pool(), request.id()), this::broken);
        this.standings = new Standings(request);
        this.queuePosition = around.backlog().enter(request.candidates().size());
    }

    /** Lets it begin. */
    void begin() {
        mailbox.execute(this::start);
    }

    @Override
    public void cancel() {
        cancelled = true;
        // Not through the mailbox: a listener that takes its time must not keep the slots.
        Judge.Judging current = judging;
        if (current != null) {
            current.cancel();
        }
        mailbox.execute(() -> {
            if (!ended) {
                around.observer().cancelled();
            }
        });
    }

    /** Every open document fails, whatever its judge is doing. */
    @Override
    public void abort(ErrorCode code, String message) {
        mailbox.execute(() -> failAll(code, message));
    }

    private void start() {
        audience.hear(new RerankEvent.Started(queuePosition));
        Duration deadline = request.options().deadline();
        if (deadline != null) {
            Duration left = deadline.minus(stopwatch.elapsed());
            callOffDeadline = around.timer()
                    .after(left.isNegative() ? Duration.ZERO : left, () -> mailbox.execute(this::deadline));
        }
        warnings.addAll(standings.standIn(judge));
        judgeBlankDocuments();
        List<Integer> open = standings.unended();
        int best = request.options().explainTopN();
        boolean explain = request.options().explain() && best > 0;
        if (explain && best < open.size()) {
            pass = Pass.LABELS;
        }
        if (!open.isEmpty()) {
            judge(open, explain && pass == Pass.ONLY);
        }
    }

    private void judgeBlankDocuments() {
        for (int index : standings.unended()) {
            if (Characters.blank(request.candidates().get(index).text())) {
                started(index, 0, 0, false);
                Judgement judgement = Judgements.blank(request.options().explain(), judge.labels(), false);
                if (!judgement.explanation().isEmpty()) {
                    delta(index, judgement.explanation());
                }
                complete(index, judgement);
            }
        }
    }

    private void judge(List<Integer> indices, boolean explain) {
        outstanding = indices.size();
        try {
            Judge.Judging begun =
                    judge.judge(new Judge.Task(request, indices, explain, mailbox, () -> cancelled), this);
            judging = begun;
            warnings.addAll(begun.warnings());
            if (cancelled) {
                begun.cancel();
            }
        } catch (RuntimeException e) {
            EngineFailure refusal = EngineFailure.atHandOver(e, request.id());
            refused(refusal.code(), refusal.message());
        }
    }

    @Override
    public void refused(ErrorCode code, String message) {
        if (pass == Pass.EXPLANATIONS && code != ErrorCode.CANCELLED) {
            standings.unended().forEach(index -> keepLabel(index, Ending.STOP, message));
        } else {
            failAll(code, message);
        }
    }

    private void deadline() {
        deadlinePassed = true;
        Judge.Judging current = judging;
        if (current != null && !ended) {
            current.conclude();
        }
    }

    @Override
    public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {
        if (standings.ended(index)) {
            return;
        }
        if (standings.start(index)) {
            around.backlog().documentTaken();
            stopwatch.slot();
        } else if (!standings.beginsAgain(index)) {
            return;
        }
        audience.hear(new RerankEvent.DocumentStarted(index, promptTokens, cachedTokens, truncated));
    }

    @Override
    public void delta(int index, String text) {
        if (!standings.ended(index)) {
            stopwatch.token();
            standings.show(index, text);
            audience.hear(new RerankEvent.ExplanationDelta(index, text));
        }
    }

    @Override
    public void restarted(int index, int attempt) {
        if (!standings.ended(index)) {
            standings.forget(index);
            audience.hear(new RerankEvent.DocumentRestarted(index, attempt));
        }
    }

    @Override
    public void warned(List<String> told) {
        warnings.addAll(told);
    }

    @Override
    public void judged(int index, Judgement judgement) {
        if (standings.ended(index)) {
            return;
        }
        stopwatch.token();
        if (pass == Pass.LABELS) {
            standings.label(index, judgement);
        } else {
            complete(index, Judgements.plus(judgement, standings.label(index)));
        }
        settled();
    }

    @Override
    public void failed(int index, ErrorCode code, String message) {
        lost(index, Ending.STOP, code, message);
    }

    @Override
    public void withdrawn(int index) {
        if (deadlinePassed) {
            lost(index, Ending.DEADLINE, ErrorCode.DEADLINE_EXCEEDED, "the deadline came first");
        } else {
            lost(index, Ending.STOP, ErrorCode.ENGINE_FAILURE, "the engine gave the document up");
        }
    }

    /** It will not be judged, or not be explained any further. */
    private void lost(int index, Ending ending, ErrorCode code, String reason) {
        if (standings.ended(index)) {
            return;
        }
        if (cancelled) {
            fail(index, ErrorCode.CANCELLED, CANCELLED);
        } else if (standings.label(index) != null) {
            keepLabel(index, ending, reason);
        } else {
            fail(index, code, reason);
        }
        settled();
    }

    /** A document that was to be explained too, and could not be, is still judged. */
    private void keepLabel(int index, Ending ending, String reason) {
        Judgement label = standings.label(index);
        if (label != null && !standings.ended(index)) {
            warnings.add("documents[" + index + "] is not fully explained: " + reason);
            complete(index, Judgements.broken(label, standings.shown(index), ending));
        }
    }

    private void settled() {
        outstanding--;
        if (outstanding == 0 && pass == Pass.LABELS && !ended) {
            explainTheBest();
        }
    }

    private void explainTheBest() {
        if (cancelled) {
            failAll(ErrorCode.CANCELLED, CANCELLED);
            return;
        }
        List<Integer> best = standings.best(request.options().explainTopN());
        standings.raise(best);
        pass = Pass.EXPLANATIONS;
        for (int index : standings.unended()) {
            Judgement label = standings.label(index);
            if (label != null && !best.contains(index)) {
                complete(index, label);
            }
        }
        if (deadlinePassed) {
            best.forEach(index -> keepLabel(index, Ending.DEADLINE, "the deadline came first"));
        } else {
            judge(best, true);
        }
    }

    private void complete(int index, Judgement judgement) {
        taken(index);
        RerankEvent.DocumentCompleted event = standings.complete(index, judgement);
        around.observer().judged(judgement);
        audience.hear(event);
        endIfAllEnded();
    }

    private void fail(int index, ErrorCode code, String message) {
        taken(index);
        RerankEvent.DocumentFailed event = standings.fail(index, code, message);
        around.observer().failed(code);
        audience.hear(event);
        endIfAllEnded();
    }

    private void taken(int index) {
        if (standings.start(index)) {
            around.backlog().documentTaken();
        }
    }

    private void failAll(ErrorCode code, String message) {
        if (ended) {
            return;
        }
        failure = new RerankEvent.Failed(code, message);
        Judge.Judging current = judging;
        if (current != null) {
            current.cancel();
        }
        standings.unended().forEach(index -> fail(index, code, message));
    }

    private void endIfAllEnded() {
        if (standings.open() > 0 || ended) {
            return;
        }
        ended = true;
        callOffDeadline.run();
        around.permit().release();
        around.backlog().leave();
        RerankEvent.Timings timings = stopwatch.timings();
        RerankEvent end = terminal(timings);
        around.observer().ended(timings, end instanceof RerankEvent.Failed failed ? failed.code() : null);
        audience.hear(end);
        around.onEnd().accept(this);
    }

    private RerankEvent terminal(RerankEvent.Timings timings) {
        if (cancelled) {
            return new RerankEvent.Failed(ErrorCode.CANCELLED, CANCELLED);
        }
        if (failure != null) {
            return failure;
        }
        RerankEvent.Failed nothingJudged = standings.failureOfAll();
        if (nothingJudged != null) {
            return nothingJudged;
        }
        long truncated = standings.truncated();
        if (truncated > 0) {
            warnings.add(truncated + (truncated == 1 ? " document was" : " documents were") + " cut to fit");
        }
        return new RerankEvent.Completed(standings.ranking(), timings, List.copyOf(warnings));
    }

    private void broken(Throwable cause) {
        LOG.error("request {} failed", request.id(), cause);
        failAll(ErrorCode.ENGINE_FAILURE, "the request failed inside the service");
    }
}

package dev.whyrank.cluster;

import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Judgement;
import org.jspecify.annotations.Nullable;

/**
 * Makes one document's story out of what several runs tell of it: the first end wins, a later attempt starts the story
 * over, and what is left of earlier ones is not heard. Pure; belongs to its request's mailbox.
 *
 * <p>After a {@code restarted} the deltas begin anew; at the end they add up to the judgement's explanation, whatever was
 * lost, doubled or mixed on the way.
 */
final class DocumentMerge {

    private final int index;
    private final StringBuilder shown = new StringBuilder();
    private @Nullable Run current;
    private boolean begun;
    private boolean ended;

    DocumentMerge(int index) {
        this.index = index;
    }

    boolean ended() {
        return ended;
    }

    /** Takes an event of this document. */
    void accept(Run run, TaskEvent.OfDocument event, Judge.Listener out) {
        if (ended) {
            return;
        }
        if (event instanceof TaskEvent.Judged judged) {
            end();
            judged(run, judged.judgement(), out);
        } else if (event instanceof TaskEvent.Failed failed) {
            end();
            out.failed(index, failed.code(), failed.message());
        } else if (event instanceof TaskEvent.Withdrawn) {
            end();
            out.withdrawn(index);
        } else if (follows(run, out)) {
            tell(event, out);
        }
    }

    /** The document ends for another reason; nothing more is told. */
    void end() {
        ended = true;
    }

    /** Whether the story is this run's. */
    private boolean follows(Run run, Judge.Listener out) {
        Run before = current;
        if (before == null) {
            current = run;
        } else if (run.attempt() > before.attempt()) {
            current = run;
            restart(run, out);
        }
        return run.equals(current);
    }

    private void restart(Run run, Judge.Listener out) {
        if (begun) {
            shown.setLength(0);
            out.restarted(index, run.attempt());
        }
    }

    private void tell(TaskEvent.OfDocument event, Judge.Listener out) {
        begun = true;
        if (event instanceof TaskEvent.Started started) {
            out.started(index, started.promptTokens(), started.cachedTokens(), started.truncated());
        } else if (event instanceof TaskEvent.Delta delta) {
            int known = shown.length() - delta.offset();
            // A gap is closed by what follows at the end; what is known already is not told twice.
            if (known >= 0 && known < delta.text().length()) {
                show(delta.text().substring(known), out);
            }
        }
    }

    private void show(String text, Judge.Listener out) {
        if (!text.isEmpty()) {
            shown.append(text);
            out.delta(index, text);
        }
    }

    private void judged(Run run, Judgement judgement, Judge.Listener out) {
        String explanation = judgement.explanation();
        if (!explanation.startsWith(shown.toString())) {
            restart(run, out);
        }
        show(explanation.substring(shown.length()), out);
        out.judged(index, judgement);
    }
}

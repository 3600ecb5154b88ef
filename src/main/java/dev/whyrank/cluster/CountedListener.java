package dev.whyrank.cluster;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Judgement;
import java.util.List;

/** Passes everything on and counts restarts. */
record CountedListener(Judge.Listener to, ClusterListener counting) implements Judge.Listener {

    @Override
    public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {
        to.started(index, promptTokens, cachedTokens, truncated);
    }

    @Override
    public void delta(int index, String text) {
        to.delta(index, text);
    }

    @Override
    public void restarted(int index, int attempt) {
        counting.restarted();
        to.restarted(index, attempt);
    }

    @Override
    public void warned(List<String> warnings) {
        to.warned(warnings);
    }

    @Override
    public void refused(ErrorCode code, String message) {
        to.refused(code, message);
    }

    @Override
    public void judged(int index, Judgement judgement) {
        to.judged(index, judgement);
    }

    @Override
    public void failed(int index, ErrorCode code, String message) {
        to.failed(index, code, message);
    }

    @Override
    public void withdrawn(int index) {
        to.withdrawn(index);
    }
}

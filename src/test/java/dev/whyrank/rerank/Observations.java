package dev.whyrank.rerank;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Writes down what meters would be told, a line each. */
final class Observations implements RerankObserver {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Those lines that begin with a word. */
    List<String> of(String word) {
        return lines.stream().filter(line -> line.startsWith(word)).toList();
    }

    @Override
    public void accepted(int documents) {
        lines.add("accepted " + documents);
    }

    @Override
    public void rejected(ErrorCode code) {
        lines.add("rejected " + code);
    }

    @Override
    public void waiting(int requests, int documents) {
        lines.add("waiting " + requests + " with " + documents);
    }

    @Override
    public void queued(Duration wait) {
        lines.add("queued " + wait.toMillis());
    }

    @Override
    public void firstToken(Duration wait) {
        lines.add("first token " + wait.toMillis());
    }

    @Override
    public void lookedUp(int documents, int reused) {
        lines.add("looked up " + documents + " reused " + reused);
    }

    @Override
    public void judged(Judgement judgement) {
        lines.add("judged " + judgement.label());
    }

    @Override
    public void failed(ErrorCode code) {
        lines.add("failed " + code);
    }

    @Override
    public void cancelled() {
        lines.add("cancelled");
    }

    @Override
    public void ended(RerankEvent.Timings timings, @Nullable ErrorCode failure) {
        lines.add("ended " + timings.queue().toMillis() + " "
                + timings.firstToken().toMillis() + " " + timings.total().toMillis()
                + (failure == null ? "" : " " + failure));
    }
}

package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Writes down what a judge tells, a line for each event. Safe for use by many threads. */
public final class Transcript implements Judge.Listener {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Map<Integer, Judgement> judgements = new ConcurrentHashMap<>();
    private final BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();

    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** What was told of one document, without its number. */
    public List<String> of(int index) {
        String begin = index + " ";
        return lines.stream()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length()))
                .toList();
    }

    public Judgement judgement(int index) {
        return Objects.requireNonNull(judgements.get(index), () -> "document " + index + " was not judged: " + lines);
    }

    /** Waits for so many more documents to end. */
    public Transcript awaitEnds(int count) {
        try {
            for (int i = 0; i < count; i++) {
                assertThat(ends.poll(20, TimeUnit.SECONDS))
                        .as("an end: %s", lines)
                        .isNotNull();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    @Override
    public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {
        lines.add(index + " started, " + promptTokens + " tokens, " + cachedTokens + " cached"
                + (truncated ? ", cut" : ""));
    }

    @Override
    public void delta(int index, String text) {
        lines.add(index + " says " + text);
    }

    @Override
    public void restarted(int index, int attempt) {
        lines.add(index + " restarted, attempt " + attempt);
    }

    @Override
    public void warned(List<String> warnings) {
        lines.add("warned " + warnings);
    }

    @Override
    public void refused(ErrorCode code, String message) {
        lines.add("refused " + code + ": " + message);
    }

    @Override
    public void judged(int index, Judgement judgement) {
        judgements.put(index, judgement);
        lines.add(index + " judged " + judgement.label());
        ends.add(index);
    }

    @Override
    public void failed(int index, ErrorCode code, String message) {
        lines.add(index + " failed " + code + ": " + message);
        ends.add(index);
    }

    @Override
    public void withdrawn(int index) {
        lines.add(index + " withdrawn");
        ends.add(index);
    }
}

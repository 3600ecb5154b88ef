package dev.whyrank.rerank;

import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A judge by hand: a test sees what it is handed, and says what becomes of it. Not for several threads. */
public final class HandJudge implements Judge {

    private final List<Handed> handed = new ArrayList<>();
    private Consumer<Task> atHandOver = task -> {};
    private List<String> warnings = List.of();
    private boolean reproducible = true;
    private Optional<StandIn> standIn = Optional.empty();

    /** A task, what it was told to do since, and how to tell its listener something, in the request's mailbox. */
    public record Handed(Task task, Listener listener, List<String> orders, List<String> warnings) implements Judging {

        public void tell(Consumer<Listener> telling) {
            task.mailbox().execute(() -> telling.accept(listener));
        }

        @Override
        public void cancel() {
            orders.add("cancel");
        }

        @Override
        public void conclude() {
            orders.add("conclude");
        }
    }

    /** Happens with each task that is handed over from now on; may throw. */
    public HandJudge atHandOver(Consumer<Task> action) {
        atHandOver = action;
        return this;
    }

    public HandJudge warning(String... told) {
        warnings = List.of(told);
        return this;
    }

    public HandJudge sampling() {
        reproducible = false;
        return this;
    }

    public HandJudge standingIn(StandIn scores) {
        standIn = Optional.of(scores);
        return this;
    }

    /** How many tasks came. */
    public int tasks() {
        return handed.size();
    }

    public Handed task(int number) {
        return handed.get(number);
    }

    /** A graded judgement that is certain of its label, at a cost of 100, 40 and 7 tokens. */
    public static Judgement judgement(String explanation, int label) {
        LabelSet labels = LabelSet.GRADED;
        List<Double> probabilities = Scoring.certain(labels, label);
        return new Judgement(
                explanation,
                label,
                labels.values(),
                probabilities,
                Scoring.modelScore(labels, probabilities),
                LabelSource.STATED,
                Ending.STOP,
                false,
                new Judgement.Usage(100, 40, 7));
    }

    @Override
    public ExplanationKind kind() {
        return ExplanationKind.REASONING;
    }

    @Override
    public LabelSet labels() {
        return LabelSet.GRADED;
    }

    @Override
    public boolean reproducible() {
        return reproducible;
    }

    @Override
    public long estimateTokens(RerankRequest request) {
        return request.candidates().size() * 10L;
    }

    @Override
    public Optional<StandIn> standIn(RerankRequest request) {
        return standIn;
    }

    @Override
    public Judging judge(Task task, Listener listener) {
        atHandOver.accept(task);
        Handed one = new Handed(task, listener, new ArrayList<>(), warnings);
        handed.add(one);
        return one;
    }
}

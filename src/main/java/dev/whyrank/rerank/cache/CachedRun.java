package dev.whyrank.rerank.cache;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One task whose documents are partly known. Of equal documents that are not, the first is judged and the others follow
 * it to whatever end it comes. Everything happens in the request's mailbox, except that cancelling goes straight
 * through to the judge.
 */
final class CachedRun implements Judge.Judging, Judge.Listener {

    private static final Judgement.Usage REUSED = new Judgement.Usage(0, 0, 0, 1);

    private final Judge.Task task;
    private final Judge.Listener listener;
    private final Map<String, List<Integer>> places;
    private final Map<String, CachedResult> found;
    private final ResultStore store;
    private final Judge judge;
    private final Map<Integer, String> asked = new HashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> lateWarnings = new LinkedHashSet<>();
    private Judge.@Nullable Judging judging;

    /**
     * A task.
     *
     * @param places the documents of each key
     * @param found what is known, by key
     */
    CachedRun(
            Judge.Task task,
            Judge.Listener listener,
            Map<String, List<Integer>> places,
            Map<String, CachedResult> found,
            ResultStore store,
            Judge judge) {
        this.task = task;
        this.listener = listener;
        this.places = places;
        this.found = found;
        this.store = store;
        this.judge = judge;
    }

    /** Hands on what is not known, which may refuse the request as a whole, then tells what is. */
    void begin() {
        List<Integer> unknown = new ArrayList<>();
        places.forEach((key, indices) -> {
            if (!found.containsKey(key)) {
                asked.put(indices.get(0), key);
                unknown.add(indices.get(0));
            }
        });
        if (!unknown.isEmpty()) {
            Judge.Judging begun = judge.judge(
                    new Judge.Task(task.request(), unknown, task.explain(), task.mailbox(), task.abandoned()), this);
            warnings.addAll(begun.warnings());
            judging = begun;
        }
        found.forEach((key, result) -> {
            warnings.addAll(result.warnings());
            places.getOrDefault(key, List.of())
                    .forEach(index -> task.mailbox().execute(() -> repeat(index, result.judgement())));
        });
    }

    /** Documents that cost nothing. */
    int reused() {
        return task.indices().size() - asked.size();
    }

    private void repeat(int index, Judgement judgement) {
        listener.started(index, 0, 0, judgement.truncated());
        if (!judgement.explanation().isEmpty()) {
            listener.delta(index, judgement.explanation());
        }
        listener.judged(index, judgement.spending(REUSED));
    }

    @Override
    public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {
        listener.started(index, promptTokens, cachedTokens, truncated);
    }

    @Override
    public void delta(int index, String text) {
        listener.delta(index, text);
    }

    @Override
    public void judged(int index, Judgement judgement) {
        if (isWhole(judgement) && judge.reproducible()) {
            store.keep(key(index), new CachedResult(judgement, toldByJudge()));
        }
        listener.judged(index, judgement);
        followers(index).forEach(follower -> repeat(follower, judgement));
    }

    private List<String> toldByJudge() {
        Set<String> told = new LinkedHashSet<>(lateWarnings);
        if (judging != null) {
            told.addAll(judging.warnings());
        }
        return List.copyOf(told);
    }

    @Override
    public void restarted(int index, int attempt) {
        listener.restarted(index, attempt);
    }

    @Override
    public void warned(List<String> told) {
        lateWarnings.addAll(told);
        listener.warned(told);
    }

    @Override
    public void refused(ErrorCode code, String message) {
        listener.refused(code, message);
    }

    /**
     * What the deadline of one request cut, or what could not be read, is no answer for another. Ending at the limit of
     * tokens that a request sets is: the limit is in the key.
     */
    private static boolean isWhole(Judgement judgement) {
        return judgement.ending() != Ending.DEADLINE && judgement.source() != LabelSource.DEFAULTED;
    }

    @Override
    public void failed(int index, ErrorCode code, String message) {
        listener.failed(index, code, message);
        followers(index).forEach(follower -> listener.failed(follower, code, message));
    }

    @Override
    public void withdrawn(int index) {
        listener.withdrawn(index);
        followers(index).forEach(listener::withdrawn);
    }

    private String key(int index) {
        String key = asked.get(index);
        if (key == null) {
            throw new IllegalStateException("document " + index + " was not asked about");
        }
        return key;
    }

    private List<Integer> followers(int index) {
        List<Integer> equal = places.getOrDefault(key(index), List.of());
        return equal.subList(1, equal.size());
    }

    @Override
    public void cancel() {
        if (judging != null) {
            judging.cancel();
        }
    }

    @Override
    public void conclude() {
        if (judging != null) {
            judging.conclude();
        }
    }

    @Override
    public List<String> warnings() {
        return List.copyOf(warnings);
    }
}

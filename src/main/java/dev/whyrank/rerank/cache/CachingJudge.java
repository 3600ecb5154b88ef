package dev.whyrank.rerank.cache;

import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.LabelSet;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Reuse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks another judge only about documents that it has not judged before under the same circumstances, and about equal
 * documents of a request once.
 */
public final class CachingJudge implements Judge {

    private final Judge judge;
    private final Supplier<List<String>> identity;
    private final ResultStore store;
    private final RerankObserver observer;

    /**
     * Stands before a judge.
     *
     * @param identity what its judgements depend on besides the request: model, adapter, precision, format and so on;
     *     empty while that is not known, when every document is judged
     * @param observer told how many documents were looked up and found
     */
    public CachingJudge(Judge judge, Supplier<List<String>> identity, ResultStore store, RerankObserver observer) {
        this.judge = judge;
        this.identity = identity;
        this.store = store;
        this.observer = observer;
    }

    @Override
    public ExplanationKind kind() {
        return judge.kind();
    }

    @Override
    public LabelSet labels() {
        return judge.labels();
    }

    @Override
    public boolean reproducible() {
        return judge.reproducible();
    }

    @Override
    public long estimateTokens(RerankRequest request) {
        return judge.estimateTokens(request);
    }

    @Override
    public Optional<StandIn> standIn(RerankRequest request) {
        return judge.standIn(request);
    }

    @Override
    public Judging judge(Task task, Listener listener) {
        Reuse reuse = task.request().handling().reuse();
        List<String> model = identity.get();
        if (reuse == Reuse.NONE || model.isEmpty() || !judge.reproducible()) {
            return judge.judge(task, listener);
        }
        Map<String, List<Integer>> places = places(task, model);
        Map<String, CachedResult> found = reuse == Reuse.REFRESH ? Map.of() : store.find(places.keySet());
        CachedRun run = new CachedRun(task, listener, places, found, store, judge);
        run.begin();
        observer.lookedUp(task.indices().size(), run.reused());
        return run;
    }

    /** Where each judgement belongs; equal documents have one in common. */
    private Map<String, List<Integer>> places(Task task, List<String> model) {
        ResultKeys keys = ResultKeys.of(model, task.request(), task.explain());
        Map<String, List<Integer>> places = new LinkedHashMap<>();
        for (int index : task.indices()) {
            String key = keys.key(task.request().candidates().get(index).text());
            places.computeIfAbsent(key, unseen -> new ArrayList<>()).add(index);
        }
        return places;
    }
}

package dev.whyrank;

import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.Priority;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.LocalQueryWriter;
import dev.whyrank.rerank.LocalReranker;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.RerankRequest.Handling;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.RerankRequest.Reuse;
import dev.whyrank.rerank.cache.CachingJudge;
import dev.whyrank.rerank.cache.ResultStore;
import dev.whyrank.rerank.remote.ChatEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A model ready to rerank, and everything of it that is in this process. */
public final class LocalModel implements AutoCloseable {

    private final LocalReranker reranker;
    private final Optional<QueryWriter> queryWriter;
    private final Optional<GenerationEngine> engine;
    private final Judge judge;
    private final Capacity capacity;
    private final List<String> identity;
    private final Runnable release;

    /**
     * What a kind of model contributes.
     *
     * @param name under which results report it
     * @param identity tells it from other models, wherever it runs
     * @param voice what writes queries, if it writes at all
     * @param engine what computes, unless that is done elsewhere
     * @param capacity what it takes on at once
     * @param release lets go of the rest, last of all
     */
    record Parts(
            String name,
            List<String> identity,
            Judge judge,
            Optional<LocalQueryWriter.Voice> voice,
            Optional<GenerationEngine> engine,
            Capacity capacity,
            Runnable release) {}

    /**
     * What a model takes on.
     *
     * @param documents at once
     * @param tokens of one document and its explanation
     */
    record Capacity(int documents, int tokens) {}

    private LocalModel(
            Parts parts, WhyrankProperties properties, RerankObserver observer, @Nullable ResultStore results) {
        WhyrankProperties.Queue queue = properties.queue();
        engine = parts.engine();
        judge = parts.judge();
        capacity = parts.capacity();
        identity = ModelIdentity.of(properties, parts.identity());
        release = parts.release();
        reranker = new LocalReranker(
                parts.name(),
                results == null ? judge : new CachingJudge(judge, () -> identity, results, observer),
                new LocalReranker.Settings(queue.maxTokens(), queue.maxRequestTokens(), queue.resolvedWorkers()),
                observer);
        queryWriter = parts.voice().map(voice -> new LocalQueryWriter(reranker, voice));
    }

    /**
     * Loads the model and lets it judge once, so that the first request does not pay for what happens only once. Every
     * document is judged, however often it comes.
     *
     * @throws dev.whyrank.model.InvalidInputException if the model or a setting cannot be used
     */
    public static LocalModel open(WhyrankProperties properties, EngineListener engines, RerankObserver observer) {
        return open(properties, engines, observer, null);
    }

    /**
     * The same with a cache.
     *
     * @param results where judgements are kept, or null if all are to be made
     */
    public static LocalModel open(
            WhyrankProperties properties,
            EngineListener engines,
            RerankObserver observer,
            @Nullable ResultStore results) {
        LocalModel model = new LocalModel(load(properties, engines), properties, observer, results);
        if (model.engine.isPresent()) {
            model.warmUp();
        }
        return model;
    }

    private static Parts load(WhyrankProperties properties, EngineListener engines) {
        if (ChatEndpoint.isNamed(properties.model())) {
            return RemoteModel.open(properties);
        }
        return properties.model().equals(WhyrankProperties.EMBEDDED)
                ? EmbeddedModel.load(properties, engines)
                : CheckpointModel.load(properties, engines);
    }

    private void warmUp() {
        Options brief = new Options(true, Integer.MAX_VALUE, 2, Integer.MAX_VALUE, true, 1, null, null);
        Candidate document = new Candidate("A first document.", null);
        RerankRequest request = new RerankRequest(
                "warm-up", "Ready?", List.of(document), brief, new Handling(Reuse.NONE, Priority.INTERACTIVE));
        CompletableFuture<Void> ended = new CompletableFuture<>();
        reranker.rerank(request, event -> {
            if (event instanceof RerankEvent.Completed || event instanceof RerankEvent.Failed) {
                ended.complete(null);
            }
        });
        ended.join();
    }

    public LocalReranker reranker() {
        return reranker;
    }

    /** Writes search queries with the same model; empty if it is no language model. */
    public Optional<QueryWriter> queryWriter() {
        return queryWriter;
    }

    /** What computes; empty if the model is elsewhere. */
    public Optional<GenerationEngine> engine() {
        return engine;
    }

    /** What its judgements depend on besides their request. */
    List<String> identity() {
        return identity;
    }

    Judge judge() {
        return judge;
    }

    Capacity capacity() {
        return capacity;
    }

    /** Fails what still runs, then lets go of threads and memory. */
    @Override
    public void close() {
        reranker.close();
        engine.ifPresent(GenerationEngine::close);
        release.run();
    }
}

package dev.whyrank.evaluate;

import dev.whyrank.evaluate.QueryOutcome.DocumentOutcome;
import dev.whyrank.evaluate.QueryOutcome.Place;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Gathers one request's events on the reranker's threads, which deliver them one at a time, and hands the end over. */
final class OutcomeCollector implements Consumer<RerankEvent> {

    private final QueryTask task;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final Consumer<QueryOutcome> done;
    private final @Nullable Judgement[] judgements;
    private final @Nullable String[] failures;

    OutcomeCollector(QueryTask task, LongSupplier nanoTime, Consumer<QueryOutcome> done) {
        this.task = task;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.done = done;
        this.judgements = new @Nullable Judgement[task.candidates().size()];
        this.failures = new @Nullable String[task.candidates().size()];
    }

    @Override
    public void accept(RerankEvent event) {
        if (event instanceof RerankEvent.DocumentCompleted completed) {
            judgements[completed.index()] = completed.judgement();
        } else if (event instanceof RerankEvent.DocumentFailed failed) {
            failures[failed.index()] = failed.code() + ": " + failed.message();
        } else if (event instanceof RerankEvent.Completed completed) {
            completed.ranking().forEach(place -> judgements[place.index()] = place.judgement());
            List<Place> ranking = completed.ranking().stream()
                    .map(place -> new Place(place.index(), place.relevanceScore()))
                    .toList();
            done.accept(outcome(ranking, null));
        } else if (event instanceof RerankEvent.Failed failed) {
            done.accept(outcome(List.of(), failed.code() + ": " + failed.message()));
        }
    }

    /** The outcome of a request that was refused. */
    QueryOutcome refused(String reason) {
        return outcome(List.of(), reason);
    }

    private QueryOutcome outcome(List<Place> ranking, @Nullable String failure) {
        List<DocumentOutcome> documents = new ArrayList<>();
        IntStream.range(0, judgements.length).forEach(i -> {
            FirstStage.Retrieved found = task.candidates().get(i);
            documents.add(new DocumentOutcome(found.documentId(), found.score(), judgements[i], failures[i]));
        });
        double seconds = (nanoTime.getAsLong() - startNanos) / 1e9;
        return new QueryOutcome(task.query().id(), task.mode(), documents, ranking, seconds, failure);
    }
}

package dev.whyrank.evaluate;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.Judgement.Usage;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankEvent.Ranked;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Reranker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Judges by how many of the query's words a document has, on a thread of its own. Refuses more requests than it has room
 * for, and fails what it is told to fail.
 */
final class FakeReranker implements Reranker, AutoCloseable {

    private static final Usage USAGE = new Usage(30, 10, 5);

    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    final AtomicInteger refused = new AtomicInteger();

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicInteger running = new AtomicInteger();
    private final int room;
    private final String failing;

    FakeReranker(int room, String failing) {
        this.room = room;
        this.failing = failing;
    }

    @Override
    public String model() {
        return "fake";
    }

    @Override
    public ExplanationKind explanationKind() {
        return ExplanationKind.REASONING;
    }

    @Override
    public Handle rerank(RerankRequest request, Consumer<RerankEvent> listener) {
        if (running.incrementAndGet() > room) {
            running.decrementAndGet();
            refused.incrementAndGet();
            throw new RerankException(ErrorCode.OVERLOADED, "full", Duration.ofMillis(5));
        }
        asked.add(request.id());
        thread.execute(() -> {
            List<RerankEvent> events = events(request);
            events.subList(0, events.size() - 1).forEach(listener);
            running.decrementAndGet();
            listener.accept(events.get(events.size() - 1));
        });
        return () -> {};
    }

    private List<RerankEvent> events(RerankRequest request) {
        List<RerankEvent> events = new ArrayList<>();
        events.add(new RerankEvent.Started(0));
        boolean fails = request.query().contains(failing);
        List<Ranked> ranking = new ArrayList<>();
        for (int i = 0; i < request.candidates().size(); i++) {
            if (fails) {
                events.add(new RerankEvent.DocumentFailed(i, ErrorCode.ENGINE_FAILURE, "broken"));
                continue;
            }
            Judgement judgement = judgement(request, i);
            events.add(new RerankEvent.DocumentCompleted(i, judgement, judgement.modelScore(), 1));
            ranking.add(new Ranked(i, judgement, judgement.modelScore(), null));
        }
        ranking.sort(Comparator.comparingDouble(place -> -place.relevanceScore()));
        events.add(
                fails
                        ? new RerankEvent.Failed(ErrorCode.ENGINE_FAILURE, "broken")
                        : new RerankEvent.Completed(
                                ranking,
                                new RerankEvent.Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO),
                                List.of()));
        return events;
    }

    private static Judgement judgement(RerankRequest request, int index) {
        String text = request.candidates().get(index).text();
        String[] words = request.query().split(" ", -1);
        double share = 0;
        for (String word : words) {
            share += (text.contains(word) ? 1.0 : 0.0) / words.length;
        }
        int label = (int) Math.round(2 * share);
        List<Double> probabilities = new ArrayList<>(List.of(0.2, 0.2, 0.2));
        probabilities.set(label, 0.6);
        String explanation = request.options().explain() ? "Document " + index + " is relevant." : "";
        return new Judgement(
                explanation,
                label,
                List.of(0, 1, 2),
                probabilities,
                share,
                LabelSource.STATED,
                Ending.STOP,
                false,
                USAGE);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

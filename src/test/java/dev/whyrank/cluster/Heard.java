package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.Reranker;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request's events, checked as they come. */
final class Heard {
    final List<RerankEvent> events = new ArrayList<>();
    final CompletableFuture<RerankEvent> end = new CompletableFuture<>();
    private Reranker.@Nullable Handle handle;

    void handleIs(Reranker.Handle accepted) {
        handle = accepted;
    }

    Reranker.Handle handle() {
        return Objects.requireNonNull(handle);
    }

    synchronized void hear(RerankEvent event) {
        events.add(event);
        if (event instanceof RerankEvent.Completed || event instanceof RerankEvent.Failed) {
            end.complete(event);
        }
    }

    synchronized long count(Class<?> type) {
        return events.stream().filter(type::isInstance).count();
    }

    RerankEvent.Completed completed() throws Exception {
        RerankEvent last = end.get(60, TimeUnit.SECONDS);
        assertThat(last).isInstanceOf(RerankEvent.Completed.class);
        return (RerankEvent.Completed) last;
    }

    /** The deltas since the last restart are the explanation, and every document ends once. */
    synchronized void requireOneStoryEach(int documents) {
        StringBuilder[] texts = new StringBuilder[documents];
        int[] ends = new int[documents];
        for (int i = 0; i < documents; i++) {
            texts[i] = new StringBuilder();
        }
        for (RerankEvent event : events) {
            if (event instanceof RerankEvent.DocumentRestarted again) {
                texts[again.index()].setLength(0);
            } else if (event instanceof RerankEvent.ExplanationDelta delta) {
                assertThat(ends[delta.index()]).isZero();
                texts[delta.index()].append(delta.delta());
            } else if (event instanceof RerankEvent.DocumentCompleted completed) {
                ends[completed.index()]++;
                assertThat(texts[completed.index()])
                        .hasToString(completed.judgement().explanation());
            } else if (event instanceof RerankEvent.DocumentFailed failed) {
                ends[failed.index()]++;
            }
        }
        assertThat(ends).containsOnly(1);
    }
}

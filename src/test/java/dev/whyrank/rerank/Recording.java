package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Records a request's events and knows what order they must have. */
final class Recording implements Consumer<RerankEvent> {

    private final List<RerankEvent> events = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile Consumer<RerankEvent> also = event -> {};

    /** Called with each event after it is recorded. */
    Recording also(Consumer<RerankEvent> action) {
        also = action;
        return this;
    }

    @Override
    public void accept(RerankEvent event) {
        synchronized (events) {
            events.add(event);
        }
        if (event instanceof RerankEvent.Completed || event instanceof RerankEvent.Failed) {
            end.countDown();
        }
        also.accept(event);
    }

    Recording await() {
        try {
            assertThat(end.await(30, TimeUnit.SECONDS)).as("the request ends").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    List<RerankEvent> events() {
        synchronized (events) {
            return new ArrayList<>(events);
        }
    }

    <T extends RerankEvent> List<T> all(Class<T> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    RerankEvent.Completed completed() {
        RerankEvent last = await().events().get(events().size() - 1);
        assertThat(last).isInstanceOf(RerankEvent.Completed.class);
        return (RerankEvent.Completed) last;
    }

    RerankEvent.Failed failed() {
        RerankEvent last = await().events().get(events().size() - 1);
        assertThat(last).isInstanceOf(RerankEvent.Failed.class);
        return (RerankEvent.Failed) last;
    }

    Judgement judgement(int index) {
        return all(RerankEvent.DocumentCompleted.class).stream()
                .filter(event -> event.index() == index)
                .findFirst()
                .orElseThrow()
                .judgement();
    }

    String deltas(int index) {
        return all(RerankEvent.ExplanationDelta.class).stream()
                .filter(event -> event.index() == index)
                .map(RerankEvent.ExplanationDelta::delta)
                .collect(Collectors.joining());
    }

    /** Checks everything that {@link Reranker#rerank} promises about order and number. */
    void requireOrder(int documents, String claim) {
        List<RerankEvent> seen = events();
        assertThat(seen.get(0)).as(claim).isInstanceOf(RerankEvent.Started.class);
        boolean[] started = new boolean[documents];
        boolean[] ended = new boolean[documents];
        for (int i = 1; i < seen.size() - 1; i++) {
            RerankEvent event = seen.get(i);
            if (event instanceof RerankEvent.DocumentStarted start) {
                assertThat(started[start.index()] || ended[start.index()])
                        .as(claim)
                        .isFalse();
                started[start.index()] = true;
            } else if (event instanceof RerankEvent.ExplanationDelta delta) {
                assertThat(started[delta.index()] && !ended[delta.index()])
                        .as(claim)
                        .isTrue();
                assertThat(delta.delta()).as(claim).isNotEmpty();
            } else if (event instanceof RerankEvent.DocumentCompleted completed) {
                assertThat(ended[completed.index()]).as(claim).isFalse();
                ended[completed.index()] = true;
                assertThat(completed.judgement().explanation()).as(claim).isEqualTo(deltas(completed.index()));
                assertThat(completed.rank()).as(claim).isBetween(1, documents);
            } else if (event instanceof RerankEvent.DocumentFailed failed) {
                assertThat(ended[failed.index()]).as(claim).isFalse();
                ended[failed.index()] = true;
            } else {
                throw new AssertionError(claim + ": " + event + " in the middle");
            }
        }
        assertThat(ended).as(claim).doesNotContain(false);
        RerankEvent last = seen.get(seen.size() - 1);
        if (last instanceof RerankEvent.Completed completed) {
            requireRanking(completed, documents, claim);
        } else {
            assertThat(last).as(claim).isInstanceOf(RerankEvent.Failed.class);
        }
    }

    private static void requireRanking(RerankEvent.Completed completed, int documents, String claim) {
        List<RerankEvent.Ranked> ranking = completed.ranking();
        assertThat(ranking.stream().map(RerankEvent.Ranked::index).distinct())
                .as(claim)
                .hasSize(documents);
        for (int i = 1; i < ranking.size(); i++) {
            RerankEvent.Ranked above = ranking.get(i - 1);
            RerankEvent.Ranked below = ranking.get(i);
            if (below.failure() == null) {
                assertThat(above.failure()).as(claim).isNull();
                assertThat(below.relevanceScore()).as(claim).isLessThan(above.relevanceScore());
            }
        }
    }
}

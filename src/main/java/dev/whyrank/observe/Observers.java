package dev.whyrank.observe;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Several observers as one: the reranker tells each of them everything, in their order. */
record Observers(List<RerankObserver> all) implements RerankObserver {

    @Override
    public void accepted(int documents) {
        all.forEach(observer -> observer.accepted(documents));
    }

    @Override
    public Consumer<RerankEvent> begun(RerankRequest request, String model) {
        List<Consumer<RerankEvent>> hearing =
                all.stream().map(observer -> observer.begun(request, model)).toList();
        return event -> hearing.forEach(each -> each.accept(event));
    }

    @Override
    public void rejected(ErrorCode code) {
        all.forEach(observer -> observer.rejected(code));
    }

    @Override
    public void waiting(int requests, int documents) {
        all.forEach(observer -> observer.waiting(requests, documents));
    }

    @Override
    public void queued(Duration wait) {
        all.forEach(observer -> observer.queued(wait));
    }

    @Override
    public void firstToken(Duration wait) {
        all.forEach(observer -> observer.firstToken(wait));
    }

    @Override
    public void lookedUp(int documents, int reused) {
        all.forEach(observer -> observer.lookedUp(documents, reused));
    }

    @Override
    public void judged(Judgement judgement) {
        all.forEach(observer -> observer.judged(judgement));
    }

    @Override
    public void failed(ErrorCode code) {
        all.forEach(observer -> observer.failed(code));
    }

    @Override
    public void cancelled() {
        all.forEach(RerankObserver::cancelled);
    }

    @Override
    public void ended(RerankEvent.Timings timings, @Nullable ErrorCode failure) {
        all.forEach(observer -> observer.ended(timings, failure));
    }
}

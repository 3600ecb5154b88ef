package dev.whyrank.api;

import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankEvent.DocumentFailed;
import dev.whyrank.rerank.RerankEvent.Ranked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From what the reranker found to the contract's answer, for one request. */
final class ReplyMapper {

    private final RerankCall call;
    private final String model;
    private final String explanationKind;

    ReplyMapper(RerankCall call, String model, ExplanationKind kind) {
        this.call = call;
        this.model = model;
        this.explanationKind = Names.of(kind);
    }

    String id() {
        return call.request().id();
    }

    String model() {
        return model;
    }

    int documents() {
        return call.documents().size();
    }

    @Nullable
    String documentId(int index) {
        return call.documents().get(index).id();
    }

    RerankReply reply(RerankEvent.Completed completed) {
        List<RerankReply.Result> results = completed.ranking().stream()
                .limit(call.topN())
                .map(this::result)
                .toList();
        Tally tally = Tally.of(completed);
        List<String> warnings = new ArrayList<>(call.warnings());
        warnings.addAll(completed.warnings());
        RerankReply.Meta meta = new RerankReply.Meta(
                new RerankReply.BilledUnits(tally.searchUnits()),
                new RerankReply.Tokens(tally.promptTokens(), tally.completionTokens()),
                warnings);
        RerankReply.Usage usage = new RerankReply.Usage(
                tally.promptTokens(),
                tally.cachedTokens(),
                tally.completionTokens(),
                tally.totalTokens(),
                tally.cacheHits());
        return new RerankReply(id(), "rerank", model, results, usage, meta, timings(completed.timings()));
    }

    RerankReply.Result completed(RerankEvent.DocumentCompleted event) {
        return judged(event.index(), event.rank(), event.relevanceScore(), event.judgement());
    }

    private RerankReply.Result result(Ranked ranked) {
        Judgement judgement = ranked.judgement();
        return judgement == null
                ? failed(ranked.index(), Objects.requireNonNull(ranked.failure()))
                : judged(ranked.index(), null, ranked.relevanceScore(), judgement);
    }

    private RerankReply.Result judged(int index, @Nullable Integer rank, double score, Judgement judgement) {
        boolean explained = !judgement.explanation().isEmpty();
        return new RerankReply.Result(
                index,
                documentId(index),
                rank,
                score,
                judgement.modelScore(),
                judgement.label(),
                judgement.labels(),
                judgement.labelProbabilities(),
                Names.of(judgement.source()),
                explained ? judgement.explanation() : null,
                explanationKind,
                Names.of(judgement.ending()),
                judgement.truncated(),
                document(index),
                call.documents().get(index).metadata(),
                usage(judgement.usage()),
                null);
    }

    private RerankReply.Result failed(int index, DocumentFailed failure) {
        var error = new RerankReply.Failure(
                Names.of(failure.code()), failure.message(), failure.code().retryable());
        return new RerankReply.Result(
                index,
                documentId(index),
                null,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                document(index),
                call.documents().get(index).metadata(),
                null,
                error);
    }

    private RerankReply.@Nullable Document document(int index) {
        if (!call.returnDocuments()) {
            return null;
        }
        DocumentBody document = call.documents().get(index);
        return new RerankReply.Document(Objects.requireNonNull(document.text()), document.title());
    }

    private static RerankReply.Usage usage(Judgement.Usage usage) {
        return new RerankReply.Usage(
                usage.promptTokens(),
                usage.cachedTokens(),
                usage.completionTokens(),
                (long) usage.promptTokens() + usage.completionTokens(),
                usage.cacheHits());
    }

    private static RerankReply.Timings timings(RerankEvent.Timings timings) {
        return new RerankReply.Timings(millis(timings.queue()), millis(timings.firstToken()), millis(timings.total()));
    }

    private static double millis(Duration duration) {
        long micros = duration.toNanos() / 1_000;
        return micros / 1_000.0;
    }
}

package dev.whyrank.api;

import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Options;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** From the body of {@code POST /v1/rerank} to a request for the reranker; what the body leaves out gets its default. */
@Component
final class RequestMapper {

    private final Candidates candidates;
    private final ModelNames models;

    RequestMapper(Candidates candidates, ModelNames models) {
        this.candidates = candidates;
        this.models = models;
    }

    RerankCall map(String id, RerankBody body) {
        var checked = candidates.of("documents", body.documents());
        if (Characters.blank(body.query())) {
            throw new InvalidRequestException("query", "must not be blank");
        }
        List<String> warnings = models.warnings(body.model());
        RerankRequest request = new RerankRequest(id, body.query(), checked, options(body));
        List<DocumentBody> documents =
                body.documents().stream().map(Objects::requireNonNull).toList();
        return new RerankCall(
                request,
                documents,
                Candidates.topN(body.topN(), checked.size()),
                Boolean.TRUE.equals(body.returnDocuments()),
                warnings);
    }

    private static Options options(RerankBody body) {
        Options defaults = Options.DEFAULT;
        String instruction = body.instruction();
        return new Options(
                orElse(body.explain(), defaults.explain()),
                orElse(body.explainTopN(), defaults.explainTopN()),
                orElse(body.maxExplanationTokens(), defaults.maxExplanationTokens()),
                orElse(body.maxTokensPerDoc(), defaults.maxDocumentTokens()),
                body.truncation() != Truncation.ERROR,
                orElse(body.alpha(), defaults.alpha()),
                body.deadlineMs() == null ? null : Duration.ofMillis(body.deadlineMs()),
                instruction == null || instruction.isBlank() ? null : instruction);
    }

    private static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }
}

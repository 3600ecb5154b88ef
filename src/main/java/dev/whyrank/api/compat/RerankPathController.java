package dev.whyrank.api.compat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.api.Candidates;
import dev.whyrank.api.DocumentBody;
import dev.whyrank.api.InvalidRequestException;
import dev.whyrank.api.ModelNames;
import dev.whyrank.api.RequestIds;
import dev.whyrank.api.Tally;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankEvent.Ranked;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code POST /rerank}, a path that two families of services share: with {@code texts} it is text-embeddings-inference's
 * and answers a bare array; with {@code documents} it is Jina's and vLLM's.
 */
@RestController
@Tag(name = "compat")
class RerankPathController {

    private final ScoreOnly scores;
    private final Candidates candidates;
    private final ModelNames models;

    RerankPathController(ScoreOnly scores, Candidates candidates, ModelNames models) {
        this.scores = scores;
        this.candidates = candidates;
        this.models = models;
    }

    @PostMapping(
            path = "/rerank",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "rerankPath",
            summary = "Rerank `texts` in the shape of text-embeddings-inference, `documents` in Jina's and vLLM's")
    @ApiResponse(
            responseCode = "200",
            description = "An array for `texts`, an object for `documents`",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(oneOf = {TeiRank[].class, JinaReply.class})))
    @ApiResponse(
            responseCode = "default",
            description = "An error in text-embeddings-inference's shape, or vLLM's when documents were sent",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(oneOf = {Errors.Tei.class, Errors.Vllm.class})))
    Mono<Object> rerank(@RequestBody @Valid Body body, ServerWebExchange exchange) {
        String id = RequestIds.of(exchange);
        if (body.documents() != null) {
            CompatErrors.asVllm(exchange);
            return documents(id, body, body.documents());
        }
        if (body.texts() != null) {
            return texts(id, body, body.texts());
        }
        throw new InvalidRequestException("texts", "is missing; send texts, or documents");
    }

    private Mono<Object> texts(String id, Body body, List<@Nullable String> texts) {
        var documents = texts.stream()
                .map(text -> text == null ? null : DocumentBody.of(text))
                .toList();
        var checked = candidates.of("texts", documents);
        boolean raw = Boolean.TRUE.equals(body.rawScores());
        boolean returnText = Boolean.TRUE.equals(body.returnText());
        return scores.run(id, body.query(), checked, ScoreOnly.ownScores(!Boolean.FALSE.equals(body.truncate())))
                .map(done -> ScoreOnly.requireAll(done, "texts", index -> index))
                .map(done -> done.ranking().stream()
                        .map(ranked -> teiRank(ranked, raw, returnText ? texts : null))
                        .toList());
    }

    private static TeiRank teiRank(Ranked ranked, boolean raw, @Nullable List<@Nullable String> texts) {
        double score = raw ? logit(ranked.relevanceScore()) : ranked.relevanceScore();
        return new TeiRank(ranked.index(), texts == null ? null : texts.get(ranked.index()), score);
    }

    /** Raw scores are what a sigmoid would turn into the score; kept finite, because JSON has no infinity. */
    static double logit(double probability) {
        double inside = Math.min(Math.nextDown(1.0), Math.max(Double.MIN_NORMAL, probability));
        return Math.log(inside) - Math.log1p(-inside);
    }

    private Mono<Object> documents(String id, Body body, List<@Nullable DocumentBody> documents) {
        var checked = candidates.of("documents", documents);
        List<String> warnings = models.warnings(body.model());
        int topN = Candidates.topN(body.topN(), checked.size());
        boolean echo = !Boolean.FALSE.equals(body.returnDocuments());
        return scores.run(id, body.query(), checked, ScoreOnly.options(body.maxTokensPerDoc()))
                .map(done -> jinaReply(id, done, topN, echo ? documents : null, warnings));
    }

    private JinaReply jinaReply(
            String id,
            RerankEvent.Completed done,
            int topN,
            @Nullable List<@Nullable DocumentBody> documents,
            List<String> warnings) {
        List<JinaResult> results = done.ranking().stream()
                .limit(topN)
                .map(ranked -> jinaResult(ranked, documents))
                .toList();
        Tally tally = Tally.of(done);
        return new JinaReply(
                id,
                "list",
                models.served(),
                new JinaUsage(tally.promptTokens(), tally.totalTokens()),
                results,
                warnings);
    }

    private static JinaResult jinaResult(Ranked ranked, @Nullable List<@Nullable DocumentBody> documents) {
        RerankEvent.DocumentFailed failure = ranked.failure();
        return new JinaResult(
                ranked.index(),
                ranked.relevanceScore(),
                documents == null ? null : new JinaDocument(text(documents, ranked.index())),
                failure == null ? null : failure.message());
    }

    private static String text(List<@Nullable DocumentBody> documents, int index) {
        return Objects.requireNonNull(
                Objects.requireNonNull(documents.get(index)).text());
    }

    @Schema(name = "RerankPathRequest", example = CompatExamples.TEI)
    record Body(
            @JsonProperty("query") @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @NotBlank
            String query,

            @JsonProperty("texts") @Schema(description = "As text-embeddings-inference has it.") @Nullable
            List<@Nullable String> texts,

            @JsonProperty("raw_scores") @Nullable Boolean rawScores,
            @JsonProperty("return_text") @Nullable Boolean returnText,

            @JsonProperty("truncate")
            @Schema(description = "False refuses texts that do not fit.", defaultValue = "true")
            @Nullable
            Boolean truncate,

            @JsonProperty("documents")
            @ArraySchema(
                    arraySchema = @Schema(description = "As Jina and vLLM have it."),
                    schema = @Schema(oneOf = {String.class, DocumentBody.class}))
            @Nullable
            List<@Nullable DocumentBody> documents,

            @JsonProperty("model") @Nullable String model,
            @JsonProperty("top_n") @Min(0) @Nullable Integer topN,

            @JsonProperty("return_documents") @Schema(defaultValue = "true") @Nullable
            Boolean returnDocuments,

            @JsonProperty("max_tokens_per_doc") @Min(1) @Nullable
            Integer maxTokensPerDoc) {}

    @Schema(
            name = "TeiRank",
            requiredProperties = {"index", "score"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TeiRank(
            @JsonProperty("index") int index,
            @JsonProperty("text") @Nullable String text,
            @JsonProperty("score") double score) {}

    @Schema(
            name = "JinaRerankResponse",
            requiredProperties = {"id", "object", "model", "usage", "results"})
    record JinaReply(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("model") String model,
            @JsonProperty("usage") JinaUsage usage,
            @JsonProperty("results") List<JinaResult> results,

            @JsonProperty("warnings") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<String> warnings) {}

    @Schema(name = "JinaUsage")
    record JinaUsage(
            @JsonProperty("prompt_tokens") long promptTokens,
            @JsonProperty("total_tokens") long totalTokens) {}

    @Schema(
            name = "JinaResult",
            requiredProperties = {"index", "relevance_score"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record JinaResult(
            @JsonProperty("index") int index,
            @JsonProperty("relevance_score") double relevanceScore,
            @JsonProperty("document") @Nullable JinaDocument document,
            @JsonProperty("error") @Nullable String error) {}

    @Schema(name = "JinaDocument")
    record JinaDocument(@JsonProperty("text") String text) {}
}

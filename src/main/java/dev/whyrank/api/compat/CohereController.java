package dev.whyrank.api.compat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.api.Candidates;
import dev.whyrank.api.DocumentBody;
import dev.whyrank.api.ModelNames;
import dev.whyrank.api.RequestIds;
import dev.whyrank.api.Tally;
import dev.whyrank.rerank.RerankEvent;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Cohere's second API version. Its first is served by {@code /v1/rerank}, whose answer is a superset. */
@RestController
@Tag(name = "compat", description = "Other services' shapes; scores without explanations")
class CohereController {

    private final ScoreOnly scores;
    private final Candidates candidates;
    private final ModelNames models;

    CohereController(ScoreOnly scores, Candidates candidates, ModelNames models) {
        this.scores = scores;
        this.candidates = candidates;
        this.models = models;
    }

    @PostMapping(
            path = "/v2/rerank",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "cohereRerank", summary = "Rerank in the shape of Cohere v2")
    @ApiResponse(responseCode = "200", description = "The ranking", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "default",
            description = "An error in Cohere's shape",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Errors.Cohere.class)))
    Mono<CohereReply> rerank(@Valid @RequestBody CohereBody body, ServerWebExchange exchange) {
        var documents = candidates.of("documents", body.documents());
        List<String> warnings = models.warnings(body.model());
        int topN = Candidates.topN(body.topN(), documents.size());
        String id = RequestIds.of(exchange);
        return scores.run(id, body.query(), documents, ScoreOnly.options(body.maxTokensPerDoc()))
                .map(done -> reply(id, done, topN, warnings));
    }

    private static CohereReply reply(String id, RerankEvent.Completed done, int topN, List<String> modelWarnings) {
        List<String> warnings = new ArrayList<>(modelWarnings);
        warnings.addAll(done.warnings());
        for (RerankEvent.Ranked ranked : done.ranking()) {
            RerankEvent.DocumentFailed failure = ranked.failure();
            if (failure != null) {
                warnings.add("document %d was not judged: %s".formatted(failure.index(), failure.message()));
            }
        }
        List<Result> results = done.ranking().stream()
                .limit(topN)
                .map(ranked -> new Result(ranked.index(), ranked.relevanceScore()))
                .toList();
        BilledUnits units = new BilledUnits(Tally.of(done).searchUnits());
        return new CohereReply(id, results, new Meta(new ApiVersion("2"), units, warnings));
    }

    @Schema(name = "CohereRerankRequest", example = CompatExamples.COHERE)
    record CohereBody(
            @JsonProperty("query") @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @NotBlank
            String query,

            @JsonProperty("documents")
            @ArraySchema(
                    arraySchema = @Schema(requiredMode = Schema.RequiredMode.REQUIRED),
                    schema = @Schema(oneOf = {String.class, DocumentBody.class}))
            @NotEmpty
            List<@Nullable DocumentBody> documents,

            @JsonProperty("model") @Nullable String model,
            @JsonProperty("top_n") @Min(0) @Nullable Integer topN,

            @JsonProperty("max_tokens_per_doc") @Min(1) @Nullable
            Integer maxTokensPerDoc) {}

    @Schema(
            name = "CohereRerankResponse",
            requiredProperties = {"id", "results", "meta"})
    record CohereReply(
            @JsonProperty("id") String id,
            @JsonProperty("results") List<Result> results,
            @JsonProperty("meta") Meta meta) {}

    @Schema(
            name = "CohereResult",
            requiredProperties = {"index", "relevance_score"})
    record Result(
            @JsonProperty("index") int index,
            @JsonProperty("relevance_score") double relevanceScore) {}

    @Schema(name = "CohereMeta")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Meta(
            @JsonProperty("api_version") ApiVersion apiVersion,
            @JsonProperty("billed_units") BilledUnits billedUnits,
            @JsonProperty("warnings") List<String> warnings) {}

    @Schema(name = "CohereApiVersion")
    record ApiVersion(@JsonProperty("version") String version) {}

    @Schema(name = "CohereBilledUnits")
    record BilledUnits(@JsonProperty("search_units") int searchUnits) {}
}

package dev.whyrank.api.compat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.api.Candidates;
import dev.whyrank.api.ModelNames;
import dev.whyrank.api.RequestIds;
import dev.whyrank.api.Tally;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest.Candidate;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * vLLM's {@code POST /v1/score}: a score for each pair of texts, in the order sent. Scores are the model's own, so no
 * pair changes another's.
 */
@RestController
@Tag(name = "compat")
class ScoreController {

    private static final int AT_ONCE = 8;

    private final ScoreOnly scores;
    private final Candidates candidates;
    private final ModelNames models;

    ScoreController(ScoreOnly scores, Candidates candidates, ModelNames models) {
        this.scores = scores;
        this.candidates = candidates;
        this.models = models;
    }

    @PostMapping(
            path = "/v1/score",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "score", summary = "Score pairs of texts in the shape of vLLM: one to many, or one to one")
    @ApiResponse(responseCode = "200", description = "A score for each pair", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "default",
            description = "An error in vLLM's shape",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Errors.Vllm.class)))
    Mono<ScoreReply> score(@Valid @RequestBody ScoreBody body, ServerWebExchange exchange) {
        candidates.requireCount("text_2", body.text2().values().size());
        Pairs pairs = Pairs.of(body.text1().values(), body.text2().values());
        models.warnings(body.model());
        String id = RequestIds.of(exchange);
        // A few groups at a time, so that many do not fill the queue; one that is refused cancels the others.
        List<Mono<Scored>> groups = new ArrayList<>();
        for (int i = 0; i < pairs.groups().size(); i++) {
            groups.add(score(
                    pairs.groups().size() == 1 ? id : id + "-" + i,
                    pairs.groups().get(i)));
        }
        return Flux.merge(Flux.fromIterable(groups), AT_ONCE)
                .collectList()
                .map(scored -> reply(id, pairs.size(), scored));
    }

    private Mono<Scored> score(String id, Pairs.Group group) {
        List<Candidate> documents = group.documents().stream()
                .map(text -> new Candidate(text, null))
                .toList();
        return scores.run(id, group.query(), documents, ScoreOnly.ownScores(true))
                .map(done -> ScoreOnly.requireAll(done, "text_2", group.positions()::get))
                .map(done -> new Scored(group, done));
    }

    private ScoreReply reply(String id, int size, List<Scored> scored) {
        double[] values = new double[size];
        long promptTokens = 0;
        long totalTokens = 0;
        for (Scored each : scored) {
            each.writeTo(values);
            Tally tally = Tally.of(each.done());
            promptTokens += tally.promptTokens();
            totalTokens += tally.totalTokens();
        }
        List<Score> data = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            data.add(new Score(i, "score", values[i]));
        }
        Usage usage = new Usage(promptTokens, totalTokens, totalTokens - promptTokens);
        return new ScoreReply(id, "list", Instant.now().getEpochSecond(), models.served(), data, usage);
    }

    /** A group and what came of it. */
    private record Scored(Pairs.Group group, RerankEvent.Completed done) {

        void writeTo(double[] values) {
            for (RerankEvent.Ranked ranked : done.ranking()) {
                var judgement = ranked.judgement();
                if (judgement != null) {
                    values[group.positions().get(ranked.index())] = judgement.modelScore();
                }
            }
        }
    }

    @Schema(name = "ScoreRequest", example = CompatExamples.SCORE)
    record ScoreBody(
            @JsonProperty("text_1")
            @Schema(
                    oneOf = {String.class, String[].class},
                    requiredMode = Schema.RequiredMode.REQUIRED,
                    description = "One question, or one for each text in `text_2`.")
            @NotNull
            Texts text1,

            @JsonProperty("text_2")
            @Schema(
                    oneOf = {String.class, String[].class},
                    requiredMode = Schema.RequiredMode.REQUIRED,
                    description = "The documents.")
            @NotNull
            Texts text2,

            @JsonProperty("model") @Nullable String model) {}

    @Schema(
            name = "ScoreResponse",
            requiredProperties = {"id", "object", "created", "model", "data", "usage"})
    record ScoreReply(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("created") long created,
            @JsonProperty("model") String model,
            @JsonProperty("data") List<Score> data,
            @JsonProperty("usage") Usage usage) {}

    @Schema(
            name = "Score",
            requiredProperties = {"index", "object", "score"})
    record Score(
            @JsonProperty("index") int index,
            @JsonProperty("object") String object,
            @JsonProperty("score") double score) {}

    @Schema(name = "ScoreUsage")
    record Usage(
            @JsonProperty("prompt_tokens") long promptTokens,
            @JsonProperty("total_tokens") long totalTokens,
            @JsonProperty("completion_tokens") long completionTokens) {}
}

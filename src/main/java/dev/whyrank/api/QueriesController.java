package dev.whyrank.api;

import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.QueryRequest;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.Reranker;
import dev.whyrank.rerank.WrittenQueries;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/** {@code POST /v1/queries}: a question in, search queries out. */
@RestController
@Tag(name = "queries", description = "Find what to search for")
class QueriesController {

    private final QueryWriter writer;
    private final ModelNames models;

    QueriesController(QueryWriter writer, ModelNames models) {
        this.writer = writer;
        this.models = models;
    }

    @PostMapping(
            path = "/v1/queries",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "queries",
            summary = "Write search queries that would help to answer a question",
            description = "Needs a language model: with the embedded one this is refused as `invalid_request`. The list"
                    + " is empty if the model wrote none.")
    @ApiResponse(responseCode = "200", description = "The queries", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "400",
            description = "`invalid_request`",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = Problem.class)))
    Mono<QueriesReply> queries(@Valid @RequestBody QueriesBody body, ServerWebExchange exchange) {
        if (Characters.blank(body.question())) {
            throw new InvalidRequestException("question", "must not be blank");
        }
        models.warnings(body.model());
        Integer most = body.maxQueries();
        QueryRequest request =
                new QueryRequest(RequestIds.of(exchange), body.question(), most == null ? QueryWriter.MOST : most);
        exchange.getResponse().getHeaders().setCacheControl("no-store");
        return run(request).map(written -> QueriesReply.of(request.id(), models.served(), written));
    }

    private Mono<WrittenQueries> run(QueryRequest request) {
        return Mono.<WrittenQueries>create(sink -> {
                    Reranker.Handle handle =
                            RequestIds.logged(request.id(), () -> writer.write(request, new Ending(sink)));
                    sink.onCancel(handle::cancel);
                })
                .publishOn(Schedulers.parallel());
    }

    private record Ending(MonoSink<WrittenQueries> sink) implements QueryWriter.Listener {

        @Override
        public void written(WrittenQueries written) {
            sink.success(written);
        }

        @Override
        public void failed(ErrorCode code, String message) {
            sink.error(new RerankException(code, message));
        }
    }
}

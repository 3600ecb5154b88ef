package dev.whyrank.api;

import dev.whyrank.rerank.Reranker;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Instant;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code POST /v1/rerank}: one body in, one body or a stream of events out. */
@RestController
@Tag(name = "rerank", description = "Rank documents and say why")
class RerankController {

    private final Reranker reranker;
    private final Reranking reranking;
    private final EventStream events;
    private final RequestMapper mapper;
    private final ApiJson json;

    RerankController(Reranker reranker, Reranking reranking, EventStream events, RequestMapper mapper, ApiJson json) {
        this.reranker = reranker;
        this.reranking = reranking;
        this.events = events;
        this.mapper = mapper;
        this.json = json;
    }

    @PostMapping(
            path = "/v1/rerank",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    @Operation(
            operationId = "rerank",
            summary = "Rank documents by a question, with an explanation for each",
            description =
                    "Unknown fields are ignored. With `stream: true` or `Accept: text/event-stream` explanations arrive"
                            + " as they are written. Events: `rerank.started`, then for each document"
                            + " `document.started`, `explanation.delta`… and exactly one of `document.completed` and"
                            + " `document.failed`; in a cluster `document.restarted` may come between, when a worker was"
                            + " lost: the document's deltas so far count no more. At the end exactly one of `rerank.completed`, which holds the whole"
                            + " response, and `error`, which holds a problem.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = RerankBody.class),
                                            examples =
                                                    @ExampleObject(name = "rerank", value = Examples.RERANK_REQUEST))))
    @ApiResponse(
            responseCode = "200",
            description = "The ranking, or the stream that leads to it",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = RerankReply.class),
                        examples = @ExampleObject(name = "ranking", value = Examples.RERANK_RESPONSE)),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(type = "string"),
                        examples = @ExampleObject(name = "events", value = Examples.RERANK_EVENTS))
            })
    @ApiResponse(
            responseCode = "400",
            description = "`invalid_request`",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = Problem.class),
                            examples = @ExampleObject(name = "problem", value = Examples.PROBLEM)))
    Mono<Void> rerank(@Valid @RequestBody RerankBody body, ServerWebExchange exchange) {
        RerankCall call = mapper.map(RequestIds.of(exchange), body);
        ReplyMapper replies = new ReplyMapper(call, reranker.model(), reranker.explanationKind());
        boolean streams = Negotiation.streams(
                body.stream(), exchange.getRequest().getHeaders().getAccept());
        return streams
                ? Mono.defer(() -> events.answer(exchange, call, format(body, replies)))
                : reranking.run(call.request()).flatMap(done -> write(exchange.getResponse(), replies.reply(done)));
    }

    private EventFormat format(RerankBody body, ReplyMapper replies) {
        return body.streamFormat() == StreamFormat.OPENAI
                ? new OpenAiEvents(json, replies, Instant.now().getEpochSecond())
                : new WhyrankEvents(json, replies);
    }

    private Mono<Void> write(ServerHttpResponse response, RerankReply reply) {
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setCacheControl("no-store");
        byte[] bytes = json.bytes(reply);
        headers.setContentLength(bytes.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(bytes)));
    }
}

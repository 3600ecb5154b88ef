package dev.whyrank.api.batch;

import dev.whyrank.api.ApiKeys;
import dev.whyrank.api.Problem;
import dev.whyrank.batch.Batch;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code /v1/rerank/batches}: many requests whose answers are fetched later. */
@RestController
@Tag(name = "batches", description = "Many requests that nobody waits for")
class BatchController {

    /** Lines of results that are read from the store at once. */
    private static final int PAGE = 64;

    private static final String JSONL = "application/jsonl";
    private static final String NDJSON = "application/x-ndjson";
    private static final String ID = "/v1/rerank/batches/{id}";

    private final BatchService batches;
    private final WhyrankBatchProperties settings;

    BatchController(BatchService batches, WhyrankBatchProperties settings) {
        this.batches = batches;
        this.settings = settings;
    }

    @PostMapping(
            path = "/v1/rerank/batches",
            consumes = {JSONL, NDJSON},
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "createBatch",
            summary = "Send many rerank requests at once and fetch the answers later",
            description =
                    "Each line is a body of `POST /v1/rerank`, with a `custom_id` if you like; `stream` means nothing"
                            + " here. A line that is no JSON object, or whose id another line has, refuses the batch and"
                            + " is named; what else is wrong with a line is in its result. Batches are worked on beside"
                            + " other requests, which come first.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = JSONL,
                                        schema = @Schema(type = "string"),
                                        examples = @ExampleObject(name = "batch", value = BatchExamples.BATCH_REQUEST)),
                                @Content(mediaType = NDJSON, schema = @Schema(type = "string"))
                            }))
    @ApiResponse(
            responseCode = "202",
            description = "The batch, of which no line is done yet",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = BatchReply.class),
                            examples = @ExampleObject(name = "batch", value = BatchExamples.BATCH)))
    @ApiResponse(
            responseCode = "400",
            description = "`invalid_request`; `errors[].field` is `line N`",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = Problem.class)))
    Mono<ResponseEntity<BatchReply>> create(ServerWebExchange exchange) {
        String owner = ApiKeys.caller(exchange);
        return body(exchange)
                .flatMap(body -> waiting(() -> batches.create(owner, body)))
                .map(batch -> ResponseEntity.accepted()
                        .location(URI.create("/v1/rerank/batches/" + batch.id()))
                        .cacheControl(CacheControl.noStore())
                        .body(reply(batch)));
    }

    private Mono<byte[]> body(ServerWebExchange exchange) {
        int most = Math.toIntExact(settings.maxBody().toBytes());
        return DataBufferUtils.join(exchange.getRequest().getBody(), most)
                .map(buffer -> {
                    byte[] bytes = new byte[buffer.readableByteCount()];
                    buffer.read(bytes);
                    DataBufferUtils.release(buffer);
                    return bytes;
                })
                .defaultIfEmpty(new byte[0])
                .onErrorMap(
                        DataBufferLimitException.class,
                        thrown -> new RerankException(
                                ErrorCode.TOO_LARGE, "a batch may have " + most + " bytes; send it as several"));
    }

    @GetMapping(path = ID, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "batch", summary = "How far a batch is")
    @ApiResponse(responseCode = "200", description = "The batch", useReturnTypeSchema = true)
    Mono<ResponseEntity<BatchReply>> find(@PathVariable("id") String id, ServerWebExchange exchange) {
        String owner = ApiKeys.caller(exchange);
        return waiting(() -> batches.find(owner, id)).map(this::answer);
    }

    @PostMapping(path = ID + "/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "cancelBatch",
            summary = "Stop a batch",
            description = "No line is begun any more, those that run are stopped; finished ones keep their results. A"
                    + " batch that has ended stays as it is.")
    @ApiResponse(responseCode = "200", description = "The batch", useReturnTypeSchema = true)
    Mono<ResponseEntity<BatchReply>> cancel(@PathVariable("id") String id, ServerWebExchange exchange) {
        String owner = ApiKeys.caller(exchange);
        return waiting(() -> batches.cancel(owner, id)).map(this::answer);
    }

    @GetMapping(path = ID + "/results")
    @Operation(
            operationId = "batchResults",
            summary = "The results of a batch's finished lines, in the order of its lines",
            description = "While the batch is in progress these are the results that there are so far.")
    @ApiResponse(
            responseCode = "200",
            description = "One JSON object a line",
            content =
                    @Content(
                            mediaType = JSONL,
                            schema = @Schema(implementation = BatchLine.class),
                            examples = @ExampleObject(name = "results", value = BatchExamples.BATCH_RESULTS)))
    Mono<Void> results(@PathVariable("id") String id, ServerWebExchange exchange) {
        String owner = ApiKeys.caller(exchange);
        return waiting(() -> batches.find(owner, id)).flatMap(batch -> {
            ServerHttpResponse response = exchange.getResponse();
            response.getHeaders().setContentType(MediaType.parseMediaType(JSONL));
            response.getHeaders().setCacheControl("no-store");
            int pages = (batch.total() + PAGE - 1) / PAGE;
            // Each page is read when the client has taken the one before.
            return response.writeAndFlushWith(Flux.range(0, pages)
                    .map(page -> waiting(() -> page(id, page))
                            .filter(text -> text.length > 0)
                            .map(response.bufferFactory()::wrap)));
        });
    }

    private byte[] page(String id, int page) {
        StringBuilder text = new StringBuilder();
        int from = page * PAGE + 1;
        batches.results(id, from, from + PAGE)
                .values()
                .forEach(line -> text.append(line).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static <T> Mono<T> waiting(Callable<T> call) {
        return Mono.fromCallable(call).subscribeOn(Schedulers.boundedElastic());
    }

    private ResponseEntity<BatchReply> answer(Batch batch) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(reply(batch));
    }

    private BatchReply reply(Batch batch) {
        return BatchReply.of(batch, settings.retention());
    }
}

package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest.Handling;
import dev.whyrank.rerank.Reranker;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

/** Bodies of {@code POST /v1/rerank} that come without a request of their own, each answered as that would be. */
@Component
public final class RerankLines {

    /** What says nothing of the body: there is no room, or the service stops. */
    private static final Set<ErrorCode> LATER = Set.of(ErrorCode.OVERLOADED, ErrorCode.NOT_READY, ErrorCode.CANCELLED);

    private final Reranker reranker;
    private final Reranking reranking;
    private final RequestMapper requests;
    private final Validator validator;
    private final ApiJson json;

    RerankLines(Reranker reranker, Reranking reranking, RequestMapper requests, Validator validator, ApiJson json) {
        this.reranker = reranker;
        this.reranking = reranking;
        this.requests = requests;
        this.validator = validator;
        this.json = json;
    }

    /**
     * What would have been answered.
     *
     * @param body a ranking or a {@link Problem}
     */
    @Schema(
            name = "LineResponse",
            requiredProperties = {"status_code", "request_id", "body"})
    public record Response(
            @JsonProperty("status_code") @Schema(example = "200")
            int statusCode,

            @JsonProperty("request_id") String requestId,

            @JsonProperty("body") @Schema(oneOf = {RerankReply.class, Problem.class})
            Object body) {}

    /**
     * Reranks on subscription; a subscriber that cancels frees the request's slots. Refusals and failures are answers,
     * too. Fails with {@link RerankException} if the same body has to be tried again later.
     *
     * @param id names the request in events and logs
     */
    public Mono<Response> answer(String id, String text, Handling handling) {
        return Mono.defer(() -> {
                    RerankCall call = requests.map(id, read(text));
                    ReplyMapper replies = new ReplyMapper(call, reranker.model(), reranker.explanationKind());
                    return reranking.run(call.request().handled(handling)).map(replies::reply);
                })
                .map(reply -> new Response(200, id, reply))
                .onErrorResume(thrown -> !isLater(thrown), thrown -> Mono.just(problem(thrown, id)));
    }

    private RerankBody read(String text) {
        RerankBody body;
        try {
            body = json.mapper().readValue(text, RerankBody.class);
        } catch (JacksonException e) {
            throw new InvalidRequestException(List.of(JsonErrors.describe(e)));
        }
        List<FieldError> errors = validator.validate(body).stream()
                .map(RerankLines::error)
                .sorted(Comparator.comparing(FieldError::line))
                .toList();
        if (!errors.isEmpty()) {
            throw new InvalidRequestException(errors);
        }
        return body;
    }

    private static FieldError error(ConstraintViolation<RerankBody> violation) {
        return new FieldError(Names.field(violation.getPropertyPath().toString()), violation.getMessage());
    }

    private static boolean isLater(Throwable thrown) {
        return thrown instanceof RerankException refused && LATER.contains(refused.code());
    }

    /** What a failure is answered with. */
    public static Response problem(Throwable thrown, String id) {
        Problem problem = Problems.of(thrown, id);
        return new Response(problem.status(), id, problem);
    }
}

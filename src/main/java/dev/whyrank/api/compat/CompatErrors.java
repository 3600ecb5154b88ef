package dev.whyrank.api.compat;

import dev.whyrank.api.ErrorShape;
import dev.whyrank.api.Problem;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Chooses the error shape of a compatible path. */
@Component
final class CompatErrors implements ErrorShape {

    private static final String VLLM = CompatErrors.class.getName();
    private static final PathPattern COHERE_PATH = PathPatternParser.defaultInstance.parse("/v2/rerank");
    private static final PathPattern RERANK_PATH = PathPatternParser.defaultInstance.parse("/rerank");
    private static final PathPattern SCORE_PATH = PathPatternParser.defaultInstance.parse("/v1/score");
    private static final PathPattern MODELS_PATH = PathPatternParser.defaultInstance.parse("/v1/models/**");

    /** From here on the exchange's errors are vLLM's: its body has shown what the client is. */
    static void asVllm(ServerWebExchange exchange) {
        exchange.getAttributes().put(VLLM, true);
    }

    @Override
    public boolean speaks(ServerWebExchange exchange) {
        PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
        return COHERE_PATH.matches(path)
                || RERANK_PATH.matches(path)
                || SCORE_PATH.matches(path)
                || MODELS_PATH.matches(path);
    }

    @Override
    public Object body(Problem problem, ServerWebExchange exchange) {
        PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
        if (COHERE_PATH.matches(path)) {
            return Errors.cohere(problem);
        }
        boolean tei = RERANK_PATH.matches(path) && exchange.getAttribute(VLLM) == null;
        return tei ? Errors.tei(problem) : Errors.vllm(problem);
    }
}

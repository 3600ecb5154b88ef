package dev.whyrank.api.compat;

import dev.whyrank.api.Decoding;
import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;

/** Any bytes as a request of each of the other services whose shapes are spoken: answered in JSON, or refused. */
public class CompatFuzzTest {

    private static final ScoreOnly SCORES = new ScoreOnly(Decoding.RERANKING);
    private static final CohereController COHERE = new CohereController(SCORES, Decoding.CANDIDATES, Decoding.MODELS);
    private static final RerankPathController PATH =
            new RerankPathController(SCORES, Decoding.CANDIDATES, Decoding.MODELS);
    private static final ScoreController SCORE = new ScoreController(SCORES, Decoding.CANDIDATES, Decoding.MODELS);

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.inTime(() -> {
            Decoding.answer(
                    input,
                    CohereController.CohereBody.class,
                    body -> COHERE.rerank(body, exchange()).block());
            Decoding.answer(
                    input,
                    RerankPathController.Body.class,
                    body -> PATH.rerank(body, exchange()).block());
            Decoding.answer(
                    input,
                    ScoreController.ScoreBody.class,
                    body -> SCORE.score(body, exchange()).block());
        });
    }

    private static ServerWebExchange exchange() {
        return MockServerWebExchange.from(MockServerHttpRequest.post("/fuzz"));
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}

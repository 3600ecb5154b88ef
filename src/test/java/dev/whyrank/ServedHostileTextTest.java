package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.Http;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** A language model: it never says a label by itself, so one that is stated was taken from a document. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "whyrank.model=src/test/resources/stories260k",
            "whyrank.engine.precision=float32",
            "whyrank.engine.kv-memory=4MB"
        })
class ServedHostileTextTest extends HostileTextContract {

    @Override
    String ordinaryLabelSource() {
        return "forced";
    }

    @Test
    void aSpecialTokenInADocumentIsJustCharacters() {
        assertThat(promptTokens("x</s>x") - promptTokens("xx"))
                .as("tokens of the four characters")
                .isEqualTo(4);
    }

    private int promptTokens(String document) {
        String body = HostileTexts.body(
                "\"eggs?\"", List.of(HostileTexts.literal(document)), ",\"max_explanation_tokens\":1");
        return Http.json(new Http(port).post("/v1/rerank", body))
                .at("/usage/prompt_tokens")
                .asInt();
    }
}

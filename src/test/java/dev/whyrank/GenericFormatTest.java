package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.api.Http;
import dev.whyrank.cli.ServiceFactory;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.model.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A format that an operator wrote down, from its settings to an answer. */
class GenericFormatTest {

    private static Map<String, String> settings(String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "whyrank.model", "src/test/resources/stories260k",
                "whyrank.engine.threads", "1",
                "whyrank.engine.kv-memory", "3MB",
                "whyrank.format", "generic"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put("whyrank.generic." + more[i], more[i + 1]);
        }
        return settings;
    }

    @Test
    void servesAModelWithIt() {
        Map<String, String> settings = settings(
                "template", "Grade {document} for {query}.{instruction}", "labels", "0-5", "forced-text", " Grade: ");
        try (ServiceFactory.Service service = new LocalServiceFactory().start(settings, EngineListener.NONE)) {
            var reply = new Http(service.port()).post("/v1/rerank", Requests.explaining(2, 6, false));
            assertThat(reply.statusCode()).isEqualTo(200);
            JsonNode result = Http.json(reply).at("/results/0");
            assertThat(result.path("labels").toString()).isEqualTo("[0,1,2,3,4,5]");
            assertThat(result.path("label_probabilities")).hasSize(6);
            assertThat(result.path("label_source").asString()).isEqualTo("forced");
            assertThat(result.path("model_score").asDouble()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void needsATemplate() {
        assertThatThrownBy(() -> new LocalServiceFactory().start(settings(), EngineListener.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.generic.template is empty");
    }

    @Test
    void numbersCountAsWhatTheySayAndWordsByTheirPlace() {
        assertThat(GenericFormat.labels(List.of("0-10")).values()).hasSize(11).startsWith(0, 1);
        assertThat(GenericFormat.labels(List.of("no", "partly", "yes")).values())
                .containsExactly(0, 1, 2);
    }

    @Test
    void refusesLabelsThatTellNothingApart() {
        for (List<String> labels : List.of(List.of("yes"), List.of("a", "a"), List.of("5-5"), List.of("0-999999"))) {
            assertThatThrownBy(() -> GenericFormat.labels(labels))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("whyrank.generic.labels is " + String.join(",", labels));
        }
    }
}

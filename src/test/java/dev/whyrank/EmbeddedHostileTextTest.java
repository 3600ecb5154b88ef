package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.Http;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import tools.jackson.databind.JsonNode;

/** The default model, which reads long documents whole, up to a bound. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class EmbeddedHostileTextTest extends HostileTextContract {

    private static final Path RECORD = Path.of("docs/reliability.md");

    @Override
    String ordinaryLabelSource() {
        return "stated";
    }

    @Override
    void requireNothingWon(List<Injection> injections, JsonNode unattacked, List<JsonNode> attacked)
            throws IOException {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < injections.size(); i++) {
            Injection injection = injections.get(i);
            JsonNode result = attacked.get(i);
            assertThat(label(result)).as(injection.name()).isLessThanOrEqualTo(label(unattacked));
            assertThat(score(result)).as(injection.name()).isLessThan(score(unattacked) + 0.02);
            table.append("| %s | %s | %.3f | %.3f | %d | %d |%n"
                    .formatted(
                            injection.kind(),
                            injection.name(),
                            score(unattacked),
                            score(result),
                            label(unattacked),
                            label(result)));
        }
        requireRecorded(injections, table.toString());
    }

    /** The document shows the figures of the machine it was written on; here each attack must have a row. */
    private static void requireRecorded(List<Injection> injections, String table) throws IOException {
        String document = Files.readString(RECORD);
        int head = document.indexOf("|---|");
        int begin = document.indexOf('\n', head) + 1;
        if (Boolean.getBoolean("golden.write")) {
            int end = document.indexOf("\n\n", begin) + 1;
            Files.writeString(RECORD, document.substring(0, begin) + table + document.substring(end));
        } else {
            assertThat(injections)
                    .allSatisfy(injection ->
                            assertThat(document).contains("| " + injection.kind() + " | " + injection.name() + " |"));
        }
    }

    private static int label(JsonNode result) {
        return result.get("label").asInt();
    }

    private static double score(JsonNode result) {
        return result.get("model_score").asDouble();
    }

    @Test
    void refusesToWriteQueriesAndNamesTheSetting() {
        HttpResponse<String> response = new Http(port).post("/v1/queries", "{\"question\":\"why?\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("invalid_request");
        assertThat(Http.json(response).at("/detail").asString()).contains("language model", "whyrank.model");
    }
}

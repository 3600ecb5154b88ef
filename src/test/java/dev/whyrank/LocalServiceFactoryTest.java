package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.api.Http;
import dev.whyrank.cli.Commands;
import dev.whyrank.cli.ServiceFactory;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.model.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The service inside a command, and the command that measures it. */
class LocalServiceFactoryTest {

    private static final String MODEL = "src/test/resources/stories260k";
    private static final Map<String, String> SETTINGS =
            Map.of("whyrank.model", MODEL, "whyrank.engine.threads", "1", "whyrank.engine.kv-memory", "3MB");

    private final LocalServiceFactory factory = new LocalServiceFactory();

    @Test
    void servesOverHttpAndTellsWhatTheEngineTakesOn() {
        AtomicInteger sequences = new AtomicInteger();
        EngineListener counting = new EngineListener() {
            @Override
            public void accepted(List<SequenceRequest> accepted, int sharedPrefix) {
                sequences.addAndGet(accepted.size());
            }
        };
        try (ServiceFactory.Service service = factory.start(SETTINGS, counting)) {
            int warmUp = sequences.get();
            Http http = new Http(service.port());
            assertThat(http.post("/v1/rerank", Requests.explaining(3, 4, false)).statusCode())
                    .isEqualTo(200);
            assertThat(sequences.get() - warmUp).isEqualTo(3);
            assertThat(http.get("/actuator/prometheus").body()).contains("whyrank_running");
            assertThat(service.engine().busyNanos()).isNotEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void saysWhatIsWrongWithASetting() {
        assertThatThrownBy(() -> factory.start(Map.of("whyrank.model", "no model"), EngineListener.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no model");
        assertThatThrownBy(() -> factory.start(Map.of("whyrank.modle", "x"), EngineListener.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.modle is no setting; the nearest is whyrank.model");
    }

    @Test
    void benchPrintsBothSidesOfALanguageModel() {
        JsonNode report = bench("--model", MODEL, "--prefix", "5", "--doc", "9", "--gen", "4");
        assertThat(report.path("model").asString()).isEqualTo(MODEL);
        assertThat(report.path("stream").asBoolean()).isTrue();
        assertBothSides(report);
    }

    @Test
    void benchPrintsBothSidesOfTheEmbeddedModel() {
        JsonNode report = bench("--json", "--prefix", "5", "--doc", "9");
        assertThat(report.path("model").asString()).isEqualTo("embedded");
        assertThat(report.path("stream").asBoolean()).isFalse();
        assertBothSides(report);
    }

    private JsonNode bench(String... more) {
        Commands commands = new Commands();
        String[] load = {
            "bench",
            "--http",
            "--requests",
            "2",
            "--each",
            "1",
            "--docs",
            "3",
            "--rounds",
            "2",
            "--warmups",
            "0",
            "--threads",
            "1"
        };
        int status = commands.run(
                factory, Stream.of(load, more).flatMap(Arrays::stream).toArray(String[]::new));
        assertThat(commands.err.toString()).isEmpty();
        assertThat(status).isZero();
        assertThat(commands.out.toString().strip().lines()).hasSize(1);
        return Http.json(commands.out.toString());
    }

    private static void assertBothSides(JsonNode report) {
        double service = report.path("service_docs_per_s").asDouble();
        double engine = report.path("engine_docs_per_s").asDouble();
        assertThat(service).isPositive();
        assertThat(engine).isPositive();
        assertThat(report.path("service_of_engine").asDouble()).isCloseTo(service / engine, within(0.1));
        assertThat(report.path("service_of_engine_by_round")).hasSize(2);
    }
}

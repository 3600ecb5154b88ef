package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.whyrank.api.WhyrankApiProperties;
import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class StartupFailureTest {

    @TempDir
    private Path folder;

    private static String line(String name, String value) {
        return line(Map.of(name, value));
    }

    /** What the operator reads when the settings are bound. */
    private static String line(Map<String, String> settings) {
        Binder binder = new Binder(new MapConfigurationPropertySource(settings));
        Throwable thrown = catchThrowable(() -> {
            binder.bindOrCreate("whyrank", WhyrankProperties.class);
            binder.bindOrCreate("whyrank.api", WhyrankApiProperties.class);
        });
        assertThat(thrown).as("%s are refused", settings).isNotNull();
        return StartupFailure.explain(thrown).orElseThrow();
    }

    @Test
    void saysWhatAValueMayBe() {
        assertThat(line("whyrank.engine.precision", "float12"))
                .isEqualTo("whyrank.engine.precision is 'float12': use one of float32, bfloat16, int8");
        assertThat(line("whyrank.drain-timeout", "soon"))
                .startsWith("whyrank.drain-timeout is 'soon': ")
                .contains("duration");
        assertThat(line("whyrank.engine.max-slots", "many")).startsWith("whyrank.engine.max-slots is 'many': ");
    }

    @Test
    void saysWhatIsOutOfRange() {
        assertThat(line("whyrank.engine.max-slots", "0")).isEqualTo("whyrank.engine.max-slots is 0; give 1 or more");
        assertThat(line("whyrank.engine.stall-timeout", "0s")).startsWith("whyrank.engine.stall-timeout is 0; ");
        assertThat(line("whyrank.drain-timeout", "-1s")).startsWith("whyrank.drain-timeout is -1000; ");
        assertThat(line("whyrank.api.max-documents", "0")).startsWith("whyrank.api.max-documents: ");
    }

    @Test
    void namesBothSettingsThatContradictEachOther() {
        assertThat(line("whyrank.queue.max-tokens", "10"))
                .contains("whyrank.queue.max-tokens is 10", "whyrank.queue.max-request-tokens");
        assertThat(line("whyrank.adapter", "folder")).contains("whyrank.adapter", "whyrank.model");
    }

    @Test
    void leavesWhatAnOperatorCannotCorrectToOthers() {
        assertThat(StartupFailure.explain(new IllegalStateException("a bug", new NullPointerException())))
                .isEmpty();
        assertThat(StartupFailure.explain(new IllegalStateException(new InvalidInputException("two\n  lines"))))
                .contains("two lines");
    }

    @Test
    void endsInOneLineAndStatusTwo() throws Exception {
        String missing = folder.resolve("missing").toString();
        assertOneLine(Map.of(), missing, "--whyrank.model=" + missing);
        assertOneLine(
                Map.of("WHYRANK_ENGINE_PRECISON", "int8"),
                "WHYRANK_ENGINE_PRECISON is no setting; the nearest is whyrank.engine.precision");
    }

    private static void assertOneLine(Map<String, String> environment, String part, String... arguments)
            throws Exception {
        try (ServerProcess server = ServerProcess.start(environment, arguments)) {
            int status = server.awaitExit();
            List<String> output = server.output();
            assertThat(status).as("%s", output).isEqualTo(2);
            assertThat(output).last().asString().contains(part);
            assertThat(output.stream().filter(line -> line.contains("ERROR") || line.contains("WARN")))
                    .as("%s", output)
                    .hasSize(1);
            assertThat(output).noneMatch(line -> line.contains("\tat ") || line.contains("FAILED TO START"));
        }
    }
}

package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart's alert rules, judged by Prometheus' own tool. */
class AlertRulesTest {

    private static final Path RULES = Path.of("helm/whyrank/files/alerts.yaml");
    private static final Path TESTS = Path.of("src/test/resources/prometheus/alerts.test.yaml");

    @TempDir
    private Path folder;

    private Executables.Result promtool(String... arguments) throws Exception {
        Path promtool = Executables.require("/usr/bin/promtool");
        Files.copy(TESTS, folder.resolve("alerts.test.yaml"));
        return Executables.run(folder, promtool, arguments);
    }

    @Test
    void passTheirUnitTests() throws Exception {
        Files.copy(RULES, folder.resolve("alerts.yaml"));
        Executables.Result result = promtool("test", "rules", "alerts.test.yaml");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("SUCCESS");
    }

    @Test
    void wouldFailTheirUnitTestsIfAThresholdMoved() throws Exception {
        Files.writeString(folder.resolve("alerts.yaml"), Files.readString(RULES).replace("> 85", "> 95"));
        Executables.Result result = promtool("test", "rules", "alerts.test.yaml");
        assertThat(result.status()).isNotZero();
        assertThat(result.output()).contains("WhyrankGpuHot");
    }

    @Test
    void eachFiresInOneOfThem() throws IOException {
        Set<Object> fired = new HashSet<>();
        for (Map<?, ?> test : list(yaml(TESTS).get("tests"))) {
            for (Map<?, ?> expected : list(test.get("alert_rule_test"))) {
                if (!list(expected.get("exp_alerts")).isEmpty()) {
                    fired.add(expected.get("alertname"));
                }
            }
        }
        Set<Object> alerts = new HashSet<>();
        for (Map<?, ?> group : list(yaml(RULES).get("groups"))) {
            list(group.get("rules")).forEach(rule -> alerts.add(rule.get("alert")));
        }
        assertThat(alerts).isNotEmpty().isEqualTo(fired);
    }

    private static Map<?, ?> yaml(Path file) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    }

    private static List<Map<?, ?>> list(@Nullable Object value) {
        return ((List<?>) Objects.requireNonNull(value))
                .stream().<Map<?, ?>>map(entry -> (Map<?, ?>) entry).toList();
    }
}

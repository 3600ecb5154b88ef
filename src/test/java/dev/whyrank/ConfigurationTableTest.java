package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.chart.Golden;
import dev.whyrank.chart.Settings;
import dev.whyrank.chart.Settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The README's table of settings is what Spring Boot's processor finds in the code: names, defaults, consequences. */
class ConfigurationTableTest {

    private static final Path README = Path.of("README.md");
    private static final String HEAD = "| setting | variable | default | consequence |\n|---|---|---|---|\n";

    @Test
    void tableIsCurrent() throws Exception {
        StringBuilder table = new StringBuilder(HEAD);
        for (Setting setting : Settings.all()) {
            table.append("| `%s` | `%s` | %s | %s |\n"
                    .formatted(
                            setting.name(), setting.variable(), shown(setting.fallback()), setting.consequence()));
        }
        String readme = Files.readString(README);
        int from = readme.indexOf(HEAD);
        assertThat(from).as("README.md has a table of settings").isNotNegative();
        int to = readme.indexOf("\n\n", from) + 1;
        Golden.assertCurrent(README, readme.substring(0, from) + table + readme.substring(to));
    }

    private static String shown(@Nullable String fallback) {
        return fallback == null || fallback.isEmpty() ? "none" : "`" + fallback.replace("\n", "\\n") + "`";
    }

    @Test
    void everyVariableSetsItsSetting() throws Exception {
        for (Setting setting : Settings.all()) {
            SystemEnvironmentPropertySource variables = new SystemEnvironmentPropertySource(
                    StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(setting.variable(), "x"));
            ConfigurationPropertySource source = Objects.requireNonNull(ConfigurationPropertySource.from(variables));
            assertThat(source.getConfigurationProperty(ConfigurationPropertyName.of(setting.name())))
                    .as("%s by %s", setting.name(), setting.variable())
                    .isNotNull();
        }
    }

    @Test
    void everySettingSaysItsConsequence() throws Exception {
        assertThat(Settings.all())
                .hasSizeGreaterThan(20)
                .allSatisfy(setting ->
                        assertThat(setting.consequence()).as(setting.name()).isNotBlank());
    }
}

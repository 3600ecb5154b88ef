package dev.whyrank.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service's settings, as Spring Boot's processor found them in the code. */
public final class Settings {

    private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

    private Settings() {}

    /**
     * One setting.
     *
     * @param fallback its default, or null if it has none
     * @param consequence what its value changes
     */
    public record Setting(String name, @Nullable String fallback, String consequence) {

        /** The variable that sets it. */
        public String variable() {
            return name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        }
    }

    /** All settings, by name. */
    public static List<Setting> all() throws IOException {
        JsonNode metadata = new JsonMapper().readTree(Files.readString(METADATA));
        return metadata.path("properties").valueStream().map(Settings::setting).toList();
    }

    private static Setting setting(JsonNode property) {
        JsonNode fallback = property.path("defaultValue");
        return new Setting(
                property.path("name").asString(),
                fallback.isMissingNode() ? null : fallback.asString(),
                property.path("description").asString().replaceAll("\\{@code ((?:[^{}]|\\{[^}]*})*)}", "`$1`"));
    }

    static Set<String> variables() throws IOException {
        return all().stream().map(Setting::variable).collect(Collectors.toSet());
    }
}

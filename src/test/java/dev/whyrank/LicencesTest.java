package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What is shipped may be used by everybody, also for money. Reads the bill of materials that the build puts into the
 * jar, and leaves {@code target/licences.md}, a list for people.
 */
class LicencesTest {

    private static final Path BILL = Path.of("target/classes/META-INF/sbom/application.cdx.json");
    private static final Path LIST = Path.of("target/licences.md");

    /** Reviewed: none forbids commercial use, and none asks more than to name it or to share changes of itself. */
    private static final Set<String> ACCEPTED = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "EPL-1.0",
            "EPL-2.0",
            "LGPL-2.1-only",
            "LGPL-2.1",
            "CC0-1.0",
            "GPL-2.0-with-classpath-exception");

    /** What components' own licence files say where their POM only says "BSD", which the bill takes for another. */
    private static final Map<String, String> STATED =
            Map.of("org.jline:jline-native", "BSD-3-Clause", "org.jline:jline-terminal", "BSD-3-Clause");

    @Test
    void everyDependencyMayBeUsedCommercially() throws Exception {
        Map<String, List<String>> licences = licences(Http.json(Files.readString(BILL)));
        writeList(licences);
        assertThat(licences).hasSizeGreaterThan(50);
        assertThat(licences)
                .allSatisfy((component, names) -> assertThat(names)
                        .as(
                                "%s: of several licences the user may choose one; look at it, then add it to ACCEPTED",
                                component)
                        .containsAnyElementsOf(ACCEPTED));
    }

    @Test
    void wouldRefuseALicenceForResearchOnly() {
        String bill = """
                {"components": [{"group": "org.example", "name": "weights", "version": "1",
                 "licenses": [{"license": {"id": "CC-BY-NC-4.0"}}]}]}""";
        assertThat(licences(Http.json(bill)).get("org.example:weights:1"))
                .containsExactly("CC-BY-NC-4.0")
                .doesNotContainAnyElementsOf(ACCEPTED);
    }

    private static Map<String, List<String>> licences(JsonNode bill) {
        Map<String, List<String>> licences = new TreeMap<>();
        for (JsonNode component : bill.path("components")) {
            String id = component.path("group").asString() + ":"
                    + component.path("name").asString();
            List<String> names = new ArrayList<>();
            for (JsonNode licence : component.path("licenses")) {
                names.add(name(licence));
            }
            if (STATED.containsKey(id)) {
                names.add(STATED.get(id));
            }
            licences.put(id + ":" + component.path("version").asString(), names);
        }
        return licences;
    }

    private static String name(JsonNode licence) {
        if (licence.has("expression")) {
            return licence.path("expression").asString();
        }
        JsonNode details = licence.path("license");
        return details.path("id").asString(details.path("name").asString(""));
    }

    private static void writeList(Map<String, List<String>> licences) throws IOException {
        StringBuilder list = new StringBuilder("| component | licence |\n|---|---|\n");
        licences.forEach(
                (component, names) -> list.append("| %s | %s |\n".formatted(component, String.join(", ", names))));
        Files.writeString(LIST, list);
    }
}

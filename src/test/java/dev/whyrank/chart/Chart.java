package dev.whyrank.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart, rendered as for {@code helm install search}. */
final class Chart {

    static final Path FOLDER = Path.of("helm/whyrank").toAbsolutePath();

    /** Sets of values that together show every template. */
    static final List<String> RENDERS = List.of("default", "gpu", "hpa", "ingress", "cluster");

    private static final JsonMapper JSON = new JsonMapper();
    private static final String KUBERNETES = "1.33.0";

    private Chart() {}

    static Helm helm() {
        return new Helm(FOLDER);
    }

    /** Renders one of the sets of values. */
    static String render(String name) {
        TemplateCommand command = command();
        return name.equals("default")
                ? command.call()
                : command.withValuesFile(FOLDER.resolve("ci").resolve(name + "-values.yaml"))
                        .call();
    }

    /** Renders the default with some values changed: names and values in turn. */
    static String with(Object... values) {
        return set(command(), values).call();
    }

    private static TemplateCommand set(TemplateCommand command, Object... values) {
        for (int i = 0; i < values.length; i += 2) {
            command.set((String) values[i], values[i + 1]);
        }
        return command;
    }

    /**
     * Renders the default with the test of {@code helm test}, which Helm leaves out of a rendering as long as it is a
     * hook.
     *
     * @param folder gets a copy of the chart in which it is none
     * @param values changed ones: names and values in turn
     */
    static String testHook(Path folder, Object... values) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(FOLDER.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, Files.readString(file).replaceAll("(?m)^ *helm\\.sh/hook.*\\R", ""));
            }
        }
        return set(command(folder), values).call();
    }

    private static TemplateCommand command() {
        return command(FOLDER);
    }

    private static TemplateCommand command(Path chart) {
        return new Helm(chart)
                .template()
                .withName("search")
                .withNamespace("search")
                .withKubeVersion(KUBERNETES);
    }

    /** The manifests, in their order. */
    static List<JsonNode> manifests(String rendered) {
        List<JsonNode> manifests = new ArrayList<>();
        for (Object document : yaml().loadAll(rendered)) {
            if (document != null) {
                manifests.add(JSON.valueToTree(document));
            }
        }
        return manifests;
    }

    static JsonNode only(String rendered, String kind) {
        List<JsonNode> found = manifests(rendered).stream()
                .filter(manifest -> manifest.path("kind").asString().equals(kind))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " manifests of kind " + kind);
        }
        return found.get(0);
    }

    /** The variables of the service's container that are given as they are. */
    static Map<String, String> environment(String rendered) {
        return environment(only(rendered, "Deployment"));
    }

    /** The same of one deployment. */
    static Map<String, String> environment(JsonNode deployment) {
        Map<String, String> variables = new LinkedHashMap<>();
        deployment
                .at("/spec/template/spec/containers/0")
                .path("env")
                .forEach(variable -> variables.put(
                        variable.path("name").asString(), variable.path("value").asString("")));
        return variables;
    }

    /** The one of a kind with a name. */
    static JsonNode named(String rendered, String kind, String name) {
        return manifests(rendered).stream()
                .filter(manifest -> manifest.path("kind").asString().equals(kind))
                .filter(manifest -> manifest.at("/metadata/name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    static JsonNode container(String rendered) {
        return only(rendered, "Deployment").at("/spec/template/spec/containers/0");
    }

    static Stream<JsonNode> all() {
        return RENDERS.stream().flatMap(name -> manifests(render(name)).stream());
    }

    static Yaml yaml() {
        return new Yaml(new SafeConstructor(new LoaderOptions()));
    }
}

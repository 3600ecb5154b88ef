package dev.whyrank.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the chart renders, and what it refuses to render. */
class ChartTest {

    private static final Path GOLDEN = Path.of("src/test/resources/chart");
    private static final Set<String> OF_OPERATORS =
            Set.of("ServiceMonitor", "PrometheusRule", "ScaledObject", "TriggerAuthentication");

    static List<String> renders() {
        return Chart.RENDERS;
    }

    @Test
    void passesHelmsStrictLint() {
        LintResult result = Chart.helm().lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.matches("(?s).*\\[(WARNING|ERROR)].*"));
    }

    @ParameterizedTest
    @MethodSource("renders")
    void rendersWhatWasReviewed(String name) throws Exception {
        Golden.assertCurrent(GOLDEN.resolve(name + ".yaml"), Chart.render(name));
    }

    @Test
    void rendersEveryKindThatItHas() {
        assertThat(Chart.all().map(manifest -> manifest.path("kind").asString()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "Deployment",
                        "Service",
                        "ServiceAccount",
                        "HorizontalPodAutoscaler",
                        "PodDisruptionBudget",
                        "NetworkPolicy",
                        "ServiceMonitor",
                        "PrometheusRule",
                        "ConfigMap",
                        "Ingress",
                        "HTTPRoute",
                        "PersistentVolumeClaim",
                        "ScaledObject",
                        "TriggerAuthentication");
    }

    @ParameterizedTest
    @MethodSource("renders")
    void rendersOnlyFieldsThatKubernetesKnows(String name) {
        for (JsonNode manifest : Chart.manifests(Chart.render(name))) {
            if (!OF_OPERATORS.contains(manifest.path("kind").asString())) {
                assertThat(KnownFields.unknown(manifest)).as("%s", manifest).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("renders")
    void rendersWhatKubernetesAccepts(String name) throws Exception {
        for (JsonNode manifest : Chart.manifests(Chart.render(name))) {
            assertThat(HttpRoutes.is(manifest) ? HttpRoutes.fault(manifest) : Validity.fault(manifest))
                    .as("%s", manifest)
                    .isEmpty();
        }
    }

    @Test
    void wouldNoticeAMisspeltFieldAndAMissingOne() throws Exception {
        JsonNode misspelt = Chart.only(Chart.render("default"), "Deployment");
        ((ObjectNode) misspelt.at("/spec/template/spec/containers/0")).put("livenesProbe", "x");
        assertThat(KnownFields.unknown(misspelt)).hasSize(1).allMatch(path -> path.endsWith("livenesProbe"));
        assertThat(Validity.fault(misspelt)).isPresent();

        JsonNode missing = Chart.only(Chart.render("default"), "Deployment");
        ((ObjectNode) missing.path("spec")).remove("selector");
        assertThat(Validity.fault(missing))
                .hasValueSatisfying(fault -> assertThat(fault).contains("selector"));

        JsonNode monitor = Chart.only(Chart.render("hpa"), "ServiceMonitor");
        ((ObjectNode) monitor.at("/spec/endpoints/0")).put("intervall", "15s");
        assertThat(Validity.fault(monitor)).isPresent();
    }

    @Test
    void givesAPodTimeToLeaveToDrainAndToEnd() {
        String rendered = Chart.with("drain.preStopSeconds", 7, "drain.timeoutSeconds", 90, "drain.marginSeconds", 20);
        assertThat(Chart.only(rendered, "Deployment")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isGreaterThan(7 + 90);
        assertThat(Chart.environment(rendered)).containsEntry("WHYRANK_DRAIN_TIMEOUT", "90s");
        assertThat(Chart.container(rendered)
                        .at("/lifecycle/preStop/exec/command/1")
                        .asString())
                .isEqualTo("7");
    }

    @Test
    void passesNumbersAsTheyWereMeant() {
        assertThat(Chart.environment(Chart.render("ingress")))
                .containsEntry("WHYRANK_QUEUE_MAX_TOKENS", "3000000")
                .containsEntry("WHYRANK_MODEL", "/models/llama-3.2-3b")
                .containsEntry("WHYRANK_ADAPTER", "/models/interank");
        assertThat(Chart.environment(Chart.render("hpa")))
                .containsEntry("MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "0.05");
    }

    @Test
    void fetchesAHubModelOnceAndServesItByItsName() {
        String rendered = Chart.render("gpu");
        JsonNode init = Chart.only(rendered, "Deployment").at("/spec/template/spec/initContainers/0");
        Map<String, String> served = Chart.environment(rendered);
        assertThat(init.at("/args/0").asString()).isEqualTo("import");
        assertThat(init.at("/args/1").asString()).isEqualTo(served.get("WHYRANK_MODEL"));
        assertThat(init.at("/args/3").asString()).isEqualTo(served.get("WHYRANK_ADAPTER"));
        assertThat(served).containsEntry("WHYRANK_ENGINE_DEVICE", "cuda:0").doesNotContainKey("HF_TOKEN");
        assertThat(Chart.container(rendered)
                        .at("/resources/limits/nvidia.com~1gpu")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void testsAReleaseByAskingForARanking(@TempDir Path folder) throws Exception {
        String rendered = Chart.testHook(folder);
        JsonNode pod = Chart.only(rendered, "Pod");
        assertThat(KnownFields.unknown(pod)).isEmpty();
        assertThat(Validity.fault(pod)).isEmpty();
        assertThat(pod.at("/spec/containers/0/image").asString())
                .isEqualTo(Chart.container(rendered).path("image").asString());
        assertThat(pod.at("/spec/containers/0/args/0").asString())
                .contains("/dev/tcp/search-whyrank/80")
                .contains("POST /v1/rerank");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicaCount             | many    | replicaCount
            model.source             | s3      | source
            model.source             | hub     | name
            model.source             | pvc     | existingClaim
            model.source             | remote  | url
            model.adapter            | x       | adapter
            service.managementPort   | 8080    | managementPort
            settings.Engine          | cpu     | Engine
            drain.marginSeconds      | 1       | marginSeconds
            tracing.endpoint         | collector:4317 | endpoint
            logs.format              | json    | format
            ingress.enabled          | true    | host
            cluster.enabled          | true    | existingSecret
            cluster.keda.minWorkers  | 0       | minWorkers
            resorces.limits          | x       | resorces
            """)
    void refusesAWrongValueByName(String name, String value, String named) {
        Object typed = value.matches("\\d+") ? (Object) Integer.valueOf(value) : value;
        assertThatThrownBy(() -> Chart.with(name, typed))
                .satisfies(
                        e -> assertThat(Objects.requireNonNull(e.getMessage())).contains(named));
    }

    @Test
    void refusesValuesThatContradictEachOther() {
        assertThatThrownBy(() -> Chart.with("gpu.enabled", true, "settings.engine\\.device", "cpu"))
                .hasMessageContaining("gpu.enabled asks for a GPU and settings.engine.device is cpu");
        assertThatThrownBy(() -> Chart.with("autoscaling.enabled", true, "autoscaling.minReplicas", 9))
                .hasMessageContaining("raise the latter");
        assertThatThrownBy(() -> Chart.with("cluster.keda.enabled", true, "cluster.keda.redisAddress", "r:1"))
                .hasMessageContaining("set cluster.enabled, too");
        assertThatThrownBy(() -> Chart.with(
                        "cluster.enabled", true, "cluster.redis.existingSecret", "r", "autoscaling.enabled", true))
                .hasMessageContaining("use cluster.keda");
    }

    @Test
    void splitsGatewaysFromWorkersAndScalesTheLatterOnTheQueue() throws Exception {
        String rendered = Chart.render("cluster");
        JsonNode gateway = Chart.named(rendered, "Deployment", "search-whyrank-gateway");
        JsonNode worker = Chart.named(rendered, "Deployment", "search-whyrank-worker");
        assertThat(Chart.environment(gateway))
                .containsEntry("WHYRANK_CLUSTER_ROLE", "gateway")
                .doesNotContainKeys("WHYRANK_MODEL", "WHYRANK_ENGINE_DEVICE");
        assertThat(Chart.environment(worker))
                .containsEntry("WHYRANK_CLUSTER_ROLE", "worker")
                .containsEntry("WHYRANK_ENGINE_DEVICE", "cuda:0")
                .containsKey("WHYRANK_CLUSTER_REDIS_URL");
        assertThat(gateway.at("/spec/template/spec/containers/0/resources/limits")
                        .has("nvidia.com/gpu"))
                .isFalse();
        assertThat(gateway.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(worker.path("spec").has("replicas")).isFalse();
        JsonNode service = Chart.named(rendered, "Service", "search-whyrank");
        assertThat(service.at("/spec/selector")).isEqualTo(gateway.at("/spec/selector/matchLabels"));
        JsonNode scaled = Chart.only(rendered, "ScaledObject");
        assertThat(scaled.at("/spec/scaleTargetRef/name").asString()).isEqualTo("search-whyrank-worker");
        String prefix = Objects.requireNonNull(Chart.environment(worker).get("WHYRANK_CLUSTER_KEY_PREFIX"));
        assertThat(scaled.at("/spec/triggers/0/metadata/listName").asString()).isEqualTo("{" + prefix + "}:queue");
        ((ObjectNode) scaled.at("/spec/triggers/0/metadata")).put("listLength", 8);
        assertThat(Validity.fault(scaled)).as("KEDA takes text only").isPresent();
    }

    @Test
    void letsServiceAndKedaTrustTheSameCertificates() {
        String rendered = Chart.render("cluster");
        for (String name : List.of("search-whyrank-gateway", "search-whyrank-worker")) {
            JsonNode variables = Chart.named(rendered, "Deployment", name).at("/spec/template/spec/containers/0/env");
            assertThat(variables
                            .valueStream()
                            .filter(variable -> variable.path("name").asString().equals("WHYRANK_CLUSTER_REDIS_CA")))
                    .singleElement()
                    .satisfies(variable -> assertThat(
                                    variable.at("/valueFrom/secretKeyRef/key").asString())
                            .isEqualTo("ca.crt"));
        }
        JsonNode given = Chart.only(rendered, "TriggerAuthentication");
        assertThat(given.at("/spec/secretTargetRef/0/key").asString()).isEqualTo("ca.crt");
        assertThat(Chart.only(rendered, "ScaledObject")
                        .at("/spec/triggers/0/authenticationRef/name")
                        .asString())
                .isEqualTo(given.at("/metadata/name").asString());
    }

    @Test
    void scalesAsAnAutoscalerOfKubernetesMay() throws Exception {
        JsonNode scaled = Chart.only(Chart.render("cluster"), "ScaledObject");
        JsonNode made = ScaledObjects.autoscaler(scaled);
        assertThat(KnownFields.unknown(made)).isEmpty();
        assertThat(Validity.fault(made)).isEmpty();

        JsonNode scaleDown = scaled.at("/spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown");
        ((ObjectNode) scaleDown).put("stabilisationWindowSeconds", 5);
        ((ObjectNode) scaleDown.at("/policies/0")).remove("periodSeconds");
        JsonNode wrong = ScaledObjects.autoscaler(scaled);
        assertThat(KnownFields.unknown(wrong))
                .singleElement()
                .satisfies(path -> assertThat(path).endsWith("stabilisationWindowSeconds"));
        assertThat(Validity.fault(wrong)).isPresent();
    }

    @Test
    void setsOnlySettingsThatTheServiceKnows() throws Exception {
        Set<String> known = Settings.variables();
        Stream<String> set = Chart.all()
                .filter(manifest -> manifest.path("kind").asString().equals("Deployment"))
                .flatMap(deployment -> Chart.environment(deployment).keySet().stream())
                .filter(name -> name.startsWith("WHYRANK_"));
        assertThat(set).isNotEmpty().allSatisfy(name -> assertThat(known).contains(name));
    }
}

package dev.whyrank.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What single values change in the chart's manifests. */
class ChartValuesTest {

    private static final String GATEWAY = "search-whyrank-gateway";
    private static final String WORKER = "search-whyrank-worker";

    @Test
    void keepsTheRollingUpdateFromARecreation() {
        JsonNode strategy = Chart.only(Chart.with("strategy.type", "Recreate"), "Deployment")
                .at("/spec/strategy");
        assertThat(strategy.path("type").asString()).isEqualTo("Recreate");
        assertThat(strategy.has("rollingUpdate")).isFalse();
    }

    @Test
    void givesSpringMoreTimeThanTheDrain() {
        assertThat(Chart.environment(Chart.with("drain.timeoutSeconds", 900, "drain.marginSeconds", 25)))
                .containsEntry("WHYRANK_DRAIN_TIMEOUT", "900s")
                .containsEntry("SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE", "925s");
    }

    @Test
    void alertsKnowTheServiceUnderAnyName() {
        String rendered = Chart.with("serviceMonitor.enabled", true, "nameOverride", "ranker");
        String label =
                Chart.only(rendered, "ServiceMonitor").at("/spec/jobLabel").asString();
        assertThat(Chart.only(rendered, "Service")
                        .at("/metadata/labels")
                        .path(label)
                        .asString())
                .isEqualTo("whyrank");
    }

    @Test
    void refusesOnePortTwice() {
        assertThatThrownBy(() -> Chart.with("service.port", 8081))
                .hasMessageContaining("service.port and service.managementPort are the same");
        String outside = Chart.with("service.port", 8081, "service.type", "LoadBalancer");
        assertThat(Chart.only(outside, "Service").at("/spec/ports")).hasSize(1);
    }

    @Test
    void letsKedaInAsAUser() {
        JsonNode trigger = Chart.only(cluster("cluster.redis.passwordKey", "p"), "ScaledObject")
                .at("/spec/triggers/0/metadata");
        assertThat(trigger.path("username").asString()).isEqualTo("scaler");
        assertThat(trigger.path("passwordFromEnv").asString()).isEqualTo("WHYRANK_CLUSTER_REDIS_PASSWORD");
        assertThatThrownBy(() -> cluster("cluster.redis.passwordKey", ""))
                .hasMessageContaining("set cluster.redis.passwordKey");
    }

    private static String cluster(String name, Object value) {
        return Chart.with(
                "cluster.enabled",
                true,
                "cluster.redis.existingSecret",
                "redis",
                "cluster.keda.enabled",
                true,
                "cluster.keda.redisAddress",
                "redis:6379",
                "cluster.keda.redisUsername",
                "scaler",
                "nodeSelector.card",
                "h100",
                "cluster.gateway.nodeSelector.disk",
                "small",
                name,
                value);
    }

    @Test
    void placesGatewaysApartFromWorkers() {
        String rendered = cluster("cluster.redis.passwordKey", "p");
        JsonNode gateway = Chart.named(rendered, "Deployment", GATEWAY).at("/spec/template/spec/nodeSelector");
        JsonNode worker = Chart.named(rendered, "Deployment", WORKER).at("/spec/template/spec/nodeSelector");
        assertThat(gateway.propertyNames()).containsExactly("disk");
        assertThat(worker.propertyNames()).containsExactly("card");
    }

    @Test
    void theTestOfAReleaseHasItsOwnKey(@TempDir Path folder) throws Exception {
        String rendered = Chart.testHook(
                folder,
                "apiKeys.existingSecret",
                "digests",
                "apiKeys.test.existingSecret",
                "plain",
                "apiKeys.test.key",
                "t");
        JsonNode secret = Chart.only(rendered, "Pod").at("/spec/containers/0/env/0/valueFrom/secretKeyRef");
        assertThat(secret.path("name").asString()).isEqualTo("plain");
        assertThat(secret.path("key").asString()).isEqualTo("t");
    }

    @Test
    void theTestOfAReleaseFallsBackOnTheServicesKeys(@TempDir Path folder) throws Exception {
        String rendered = Chart.testHook(folder, "apiKeys.existingSecret", "keys");
        JsonNode secret = Chart.only(rendered, "Pod").at("/spec/containers/0/env/0/valueFrom/secretKeyRef");
        assertThat(secret.path("name").asString()).isEqualTo("keys");
        assertThat(secret.path("key").asString()).isEqualTo("api-keys");
    }

    @Test
    void theNetworkPolicyAdmitsTheTestOfARelease(@TempDir Path folder) throws Exception {
        String rendered = Chart.testHook(
                folder, "networkPolicy.enabled", true, "networkPolicy.from[0].ipBlock.cidr", "10.0.0.0/8");
        JsonNode from = Chart.only(rendered, "NetworkPolicy").at("/spec/ingress/0/from");
        assertThat(from).hasSize(2);
        assertThat(from.at("/1/podSelector/matchLabels"))
                .isEqualTo(Chart.only(rendered, "Pod").at("/metadata/labels"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "lab"})
    void servesAModelOfTheImageWithoutAVolume(String source) {
        String rendered = Chart.with("model.source", source);
        assertThat(Chart.environment(rendered)).containsEntry("WHYRANK_MODEL", source);
        assertThat(Chart.only(rendered, "Deployment").at("/spec/template/spec/volumes"))
                .hasSize(1);
    }

    @Test
    void servesARemoteModelWithItsKey() {
        String rendered = Chart.with(
                "model.source", "remote",
                "model.remote.url", "https://host:8443/v1",
                "model.remote.name", "llama",
                "model.remote.existingSecret", "endpoint",
                "networkPolicy.enabled", true);
        assertThat(Chart.environment(rendered))
                .containsEntry("WHYRANK_MODEL", "openai:https://host:8443/v1#llama")
                .containsKey("WHYRANK_REMOTE_API_KEY");
        assertThat(Chart.only(rendered, "Deployment").at("/spec/template/spec/volumes"))
                .hasSize(1);
        assertThat(Chart.only(rendered, "NetworkPolicy").at("/spec/egress").toString())
                .contains("8443");
        assertThatThrownBy(() -> Chart.with(
                        "model.source",
                        "remote",
                        "model.remote.url",
                        "http://h",
                        "model.remote.name",
                        "m",
                        "gpu.enabled",
                        true))
                .hasMessageContaining("which uses none");
    }

    @Test
    void givesVariablesToWhatFetchesTheModel() {
        String rendered = Chart.with(
                "model.source", "hub",
                "model.hub.name", "org/model",
                "env[0].name", "HTTPS_PROXY",
                "env[0].value", "http://proxy:3128");
        JsonNode variables = Chart.only(rendered, "Deployment").at("/spec/template/spec/initContainers/0/env");
        assertThat(variables.valueStream().map(variable -> variable.path("name").asString()))
                .contains("HTTPS_PROXY");
    }
}

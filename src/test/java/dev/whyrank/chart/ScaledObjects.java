package dev.whyrank.chart;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * KEDA's scaled objects, of which no library for Java has a model: a schema of ours knows what is KEDA's own, and what
 * KEDA hands on to an autoscaler is looked at as Kubernetes' models see it.
 */
final class ScaledObjects {

    private static final JsonMapper JSON = new JsonMapper();

    private ScaledObjects() {}

    /** The autoscaler that KEDA makes of a scaled object, but for its metrics. */
    static JsonNode autoscaler(JsonNode scaled) {
        JsonNode from = scaled.path("spec");
        ObjectNode autoscaler = JSON.createObjectNode();
        autoscaler.put("apiVersion", "autoscaling/v2").put("kind", "HorizontalPodAutoscaler");
        autoscaler.set("metadata", scaled.path("metadata"));
        ObjectNode spec = autoscaler.putObject("spec");
        spec.putObject("scaleTargetRef")
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .setAll((ObjectNode) from.path("scaleTargetRef"));
        spec.set("minReplicas", from.path("minReplicaCount"));
        spec.set("maxReplicas", from.path("maxReplicaCount"));
        spec.set("behavior", from.at("/advanced/horizontalPodAutoscalerConfig/behavior"));
        return autoscaler;
    }
}

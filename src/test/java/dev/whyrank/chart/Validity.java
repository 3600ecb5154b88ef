package dev.whyrank.chart;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Kubernetes' own models, which know what a kind must have; and schemas for kinds of others. */
final class Validity {

    private static final Path SCHEMAS = Path.of("src/test/resources/chart");

    private static final Map<String, Model> MODELS = Map.of(
            "apps/v1 Deployment", V1Deployment::validateJsonElement,
            "v1 Service", V1Service::validateJsonElement,
            "v1 ServiceAccount", V1ServiceAccount::validateJsonElement,
            "v1 ConfigMap", V1ConfigMap::validateJsonElement,
            "v1 PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement,
            "v1 Pod", V1Pod::validateJsonElement,
            "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement,
            "networking.k8s.io/v1 Ingress", V1Ingress::validateJsonElement);

    /** One kind's model. */
    @FunctionalInterface
    private interface Model {

        void validate(JsonElement manifest) throws IOException;
    }

    private Validity() {}

    /** What is wrong with a manifest, if anything. */
    static Optional<String> fault(JsonNode manifest) throws IOException {
        String kind = manifest.path("apiVersion").asString() + " "
                + manifest.path("kind").asString();
        Model model = MODELS.get(kind);
        if (model == null) {
            return schemaFault(manifest);
        }
        try {
            model.validate(JsonParser.parseString(manifest.toString()));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(kind + ": " + e.getMessage());
        }
    }

    private static Optional<String> schemaFault(JsonNode manifest) throws IOException {
        Path file = SCHEMAS.resolve(manifest.path("kind").asString() + ".schema.json");
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(file), InputFormat.JSON);
        List<?> faults = schema.validate(manifest.toString(), InputFormat.JSON);
        return faults.isEmpty() ? Optional.empty() : Optional.of(faults.toString());
    }
}

package dev.whyrank.chart;

import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The Gateway API's route, of which Fabric8 alone has a model. */
final class HttpRoutes {

    private HttpRoutes() {}

    static boolean is(JsonNode manifest) {
        return manifest.path("kind").asString().equals("HTTPRoute");
    }

    /** What it lacks to lead from somewhere to somewhere. */
    static Optional<String> fault(JsonNode manifest) {
        HTTPRoute route = new KubernetesSerialization().unmarshal(manifest.toString(), HTTPRoute.class);
        boolean leads = route.getSpec().getParentRefs().stream().allMatch(parent -> parent.getName() != null)
                && route.getSpec().getRules().stream()
                        .flatMap(rule -> rule.getBackendRefs().stream())
                        .allMatch(backend -> backend.getName() != null && backend.getPort() != null);
        return leads ? Optional.empty() : Optional.of("a parent or a backend is not named");
    }
}

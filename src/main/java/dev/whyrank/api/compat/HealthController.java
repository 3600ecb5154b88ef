package dev.whyrank.api.compat;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Health under the names that other services' probes ask for; the states are the application's own. */
@RestController
@Tag(name = "health", description = "Aliases of /actuator/health/liveness and /actuator/health/readiness")
class HealthController {

    private final ApplicationAvailability availability;

    HealthController(ApplicationAvailability availability) {
        this.availability = availability;
    }

    /** vLLM, text-embeddings-inference and SageMaker send traffic to whoever answers 200 here. */
    @GetMapping(path = "/health", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "health", summary = "Whether requests are accepted: 200, or 503")
    ResponseEntity<Map<String, String>> health() {
        boolean ready = isReady();
        return answer(ready, Map.of("status", ready ? "UP" : "OUT_OF_SERVICE"));
    }

    @GetMapping(path = "/ping", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "ping", summary = "Whether requests are accepted: 200, or 503")
    ResponseEntity<Map<String, String>> ping() {
        return health();
    }

    @GetMapping(path = "/v2/health/live", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "live", summary = "Whether the process is sound: 200, or 503")
    ResponseEntity<Map<String, Boolean>> live() {
        boolean live = availability.getLivenessState() == LivenessState.CORRECT;
        return answer(live, Map.of("live", live));
    }

    @GetMapping(path = "/v2/health/ready", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "ready", summary = "Whether requests are accepted: 200, or 503")
    ResponseEntity<Map<String, Boolean>> ready() {
        boolean ready = isReady();
        return answer(ready, Map.of("ready", ready));
    }

    private boolean isReady() {
        return availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    }

    private static <T> ResponseEntity<T> answer(boolean good, T body) {
        return ResponseEntity.status(good ? 200 : 503).body(body);
    }
}

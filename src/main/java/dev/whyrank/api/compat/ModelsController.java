package dev.whyrank.api.compat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.api.ModelNames;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** OpenAI's list of models, which holds the one that is served. */
@RestController
@Tag(name = "compat")
class ModelsController {

    private final ModelNames models;
    private final long startedSeconds = Instant.now().getEpochSecond();

    ModelsController(ModelNames models) {
        this.models = models;
    }

    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "models", summary = "The served model, in the shape of OpenAI")
    ModelList models() {
        return new ModelList(
                "list",
                List.of(new Model(models.served(), "model", startedSeconds, "whyrank", models.explanationKind())));
    }

    @Schema(name = "ModelList")
    record ModelList(
            @JsonProperty("object") String object,
            @JsonProperty("data") List<Model> data) {}

    @Schema(name = "Model")
    record Model(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("created") long created,
            @JsonProperty("owned_by") String ownedBy,

            @JsonProperty("explanation_kind") @Schema(allowableValues = {"reasoning", "evidence"})
            String explanationKind) {}
}

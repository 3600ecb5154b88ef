package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.rerank.Characters;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A document as a client sends it: a string, or an object with more to say.
 *
 * @param id the client's own name of it, echoed
 * @param title put before the text
 * @param text what is judged; null only until {@link Candidates} has checked it
 * @param score the first stage's score, used for fusion
 * @param metadata anything, echoed
 */
@Schema(name = "Document", description = "A document with its own id, first-stage score and metadata.")
public record DocumentBody(
        @Schema(description = "Your name of the document, echoed.") @Nullable
        String id,

        @Schema(description = "Put before the text.") @Nullable
        String title,

        @Schema(description = "What is judged.", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String text,

        @Schema(description = "The first stage's score; fused with the model's by `alpha`.") @Nullable
        Double score,

        @Schema(description = "Echoed as it is.", implementation = Object.class) @Nullable
        JsonNode metadata) {

    /** An object. */
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public DocumentBody(
            @JsonProperty("id") @Nullable String id,
            @JsonProperty("title") @Nullable String title,
            @JsonProperty("text") @Nullable String text,
            @JsonProperty("score") @Nullable Double score,
            @JsonProperty("metadata") @Nullable JsonNode metadata) {
        this.id = id;
        this.title = title;
        this.text = text;
        this.score = score;
        this.metadata = metadata == null || metadata.isNull() ? null : Metadata.wellFormed(metadata);
    }

    /** Characters that are echoed, not judged. */
    int carried() {
        return (id == null ? 0 : id.length())
                + (metadata == null ? 0 : metadata.toString().length());
    }

    /** A string alone. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static DocumentBody of(String text) {
        // The JSON library hands a bare string on without asking the mapper's reader of strings.
        return new DocumentBody(null, null, Characters.wellFormed(text), null, null);
    }
}

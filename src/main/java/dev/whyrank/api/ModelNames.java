package dev.whyrank.api;

import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.Reranker;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Clients send the model names of the services they were written for; this decides what that means. */
@Component
public final class ModelNames {

    private static final int SHOWN_CHARS = 100;

    private final Reranker reranker;
    private final boolean strict;

    ModelNames(Reranker reranker, WhyrankApiProperties properties) {
        this.reranker = reranker;
        this.strict = properties.strictModel();
    }

    /** The one model that answers. */
    public String served() {
        return reranker.model();
    }

    /** What its explanations are made of: {@code reasoning} or {@code evidence}. */
    public String explanationKind() {
        return Names.of(reranker.explanationKind());
    }

    /**
     * Warnings that a requested name earns: none if it is absent, blank or served.
     *
     * @throws RerankException with {@link ErrorCode#MODEL_NOT_FOUND} if names are strict and this one is not served
     */
    public List<String> warnings(@Nullable String requested) {
        if (requested == null || requested.isBlank() || requested.equals(served())) {
            return List.of();
        }
        String shown = requested.length() <= SHOWN_CHARS ? requested : Characters.prefix(requested, SHOWN_CHARS) + "…";
        if (strict) {
            throw new RerankException(
                    ErrorCode.MODEL_NOT_FOUND, "model '%s' is not served here; use '%s'".formatted(shown, served()));
        }
        return List.of("model '%s' is not served here; '%s' answered".formatted(shown, served()));
    }
}

package dev.whyrank.api;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns documents as sent into candidates: first their number is checked, then each of them. */
@Component
public final class Candidates {

    private final int maxDocuments;

    Candidates(WhyrankApiProperties properties) {
        this.maxDocuments = properties.maxDocuments();
    }

    /**
     * Checks and converts.
     *
     * @param field the field's name for messages
     * @throws RerankException with {@link ErrorCode#TOO_LARGE} if there are too many
     * @throws InvalidRequestException if there are none, or one has no text or no finite score
     */
    public List<Candidate> of(String field, List<? extends @Nullable DocumentBody> documents) {
        requireCount(field, documents.size());
        List<Candidate> candidates = new ArrayList<>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            candidates.add(candidate(field + "[" + i + "]", documents.get(i)));
        }
        return candidates;
    }

    /**
     * Checks a number of documents.
     *
     * @throws RerankException with {@link ErrorCode#TOO_LARGE} if it is too large
     * @throws InvalidRequestException if it is 0
     */
    public void requireCount(String field, int count) {
        if (count == 0) {
            throw new InvalidRequestException(field, "must hold at least one document");
        }
        if (count > maxDocuments) {
            throw new RerankException(
                    ErrorCode.TOO_LARGE,
                    "%s: %d documents, at most %d are accepted; send several requests"
                            .formatted(field, count, maxDocuments));
        }
    }

    /** How many results to return: null and 0 mean all, and nobody gets more than there are. */
    public static int topN(@Nullable Integer asked, int documents) {
        return asked == null || asked == 0 ? documents : Math.min(asked, documents);
    }

    private static Candidate candidate(String field, @Nullable DocumentBody document) {
        if (document == null) {
            throw new InvalidRequestException(field, "must be a string or an object, not null");
        }
        if (document.text() == null) {
            throw new InvalidRequestException(field + ".text", "is missing; give the document's text as a string");
        }
        Double score = document.score();
        if (score != null && !Double.isFinite(score)) {
            throw new InvalidRequestException(field + ".score", "must be a finite number");
        }
        String title = document.title();
        String text = title == null || title.isBlank() ? document.text() : title + "\n" + document.text();
        return new Candidate(text, score, document.carried());
    }
}

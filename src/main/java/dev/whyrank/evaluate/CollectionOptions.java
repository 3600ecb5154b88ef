package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What of a collection is read.
 *
 * @param longDocuments BRIGHT's whole pages instead of passages
 * @param reasoning BRIGHT's queries as rewritten by this model, for instance {@code gpt4}; null for the original ones
 * @param qrels judgements to use instead of a BEIR folder's own; null for {@code qrels/test.tsv}
 */
public record CollectionOptions(
        boolean longDocuments,
        @Nullable String reasoning,
        @Nullable Path qrels) {

    /** The collection as it comes. */
    public static final CollectionOptions DEFAULT = new CollectionOptions(false, null, null);

    /** Refuses what only a BEIR folder can follow. */
    void requireNothingOfBeir(Path collection) {
        require(qrels == null, collection, "--qrels is for BEIR folders");
    }

    /** Refuses what only a BRIGHT folder can follow. */
    void requireNothingOfBright(Path collection) {
        require(!longDocuments, collection, "--long-documents is for BRIGHT folders");
        require(reasoning == null, collection, "--reasoning is for BRIGHT folders");
    }

    private static void require(boolean fits, Path collection, String purpose) {
        if (!fits) {
            throw new InvalidInputException(purpose + ", and " + collection + " is none; leave it out");
        }
    }
}

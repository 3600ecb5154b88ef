package dev.whyrank.evaluate;

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
}

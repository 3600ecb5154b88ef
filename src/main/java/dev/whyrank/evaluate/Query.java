package dev.whyrank.evaluate;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question of a collection.
 *
 * @param excluded documents that must not be ranked for it, such as the page it was taken from
 * @param candidates its own documents if the collection comes with such, otherwise null; their order means nothing
 */
record Query(
        String id,
        String text,
        Set<String> excluded,
        @Nullable List<String> candidates) {

    Query(String id, String text) {
        this(id, text, Set.of(), null);
    }
}

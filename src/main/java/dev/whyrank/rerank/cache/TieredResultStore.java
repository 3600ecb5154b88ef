package dev.whyrank.rerank.cache;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A near store before a far one that others share. What is found far is kept near.
 *
 * @param near asked first
 * @param far asked for the rest
 */
public record TieredResultStore(ResultStore near, ResultStore far) implements ResultStore {

    @Override
    public Map<String, CachedResult> find(Collection<String> keys) {
        Map<String, CachedResult> found = new HashMap<>(near.find(keys));
        List<String> missing =
                keys.stream().filter(key -> !found.containsKey(key)).toList();
        if (!missing.isEmpty()) {
            far.find(missing).forEach((key, result) -> {
                near.keep(key, result);
                found.put(key, result);
            });
        }
        return found;
    }

    @Override
    public void keep(String key, CachedResult result) {
        near.keep(key, result);
        far.keep(key, result);
    }
}

package dev.whyrank.cluster;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Steps that Redis takes as one, with a number as the result. Sent once, then called by its digest. */
final class RedisScript {

    private final String text;
    private volatile @Nullable String digest;

    RedisScript(String text) {
        this.text = text;
    }

    long run(RedisCommands<String, String> redis, List<String> keys, String... values) {
        String[] names = keys.toArray(String[]::new);
        String known = digest == null ? redis.digest(text) : digest;
        digest = known;
        Long result;
        try {
            result = redis.evalsha(known, ScriptOutputType.INTEGER, names, values);
        } catch (RedisNoScriptException e) {
            result = redis.eval(text, ScriptOutputType.INTEGER, names, values);
        }
        return result == null ? 0 : result;
    }
}

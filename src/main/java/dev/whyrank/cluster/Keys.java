package dev.whyrank.cluster;

/**
 * Names of a deployment's keys. The prefix is their one hash tag, so that a Redis of several nodes keeps them together
 * and scripts may touch all of them.
 */
public final class Keys {

    private final String tag;

    public Keys(String prefix) {
        tag = "{" + prefix + "}";
    }

    /** The key of a name, its parts joined by colons. */
    public String of(String... parts) {
        return tag + ":" + String.join(":", parts);
    }
}

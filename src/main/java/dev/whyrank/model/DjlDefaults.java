package dev.whyrank.model;

/** What DJL is told before its first use in a process, wherever that is; an operator's own values stay. */
public final class DjlDefaults {

    static {
        // It reports its use to its makers where it finds itself in their cloud.
        unlessGiven("OPT_OUT_TRACKING", "true");
        // Where it sees a GPU it would fetch another build of the tokenizers, which do nothing there, from its makers.
        unlessGiven("RUST_FLAVOR", "cpu");
    }

    private DjlDefaults() {}

    /** Has an effect the first time only. */
    public static void apply() {}

    private static void unlessGiven(String name, String value) {
        if (System.getenv(name) == null && System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}

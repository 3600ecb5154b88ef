package dev.whyrank.load;

/** How a client treats its stream. */
public enum Manner {
    /** As fast as it comes. */
    READS,
    /** Line by line, with a pause after each. */
    LAGS,
    /** Goes away once the first words are there. */
    LEAVES
}

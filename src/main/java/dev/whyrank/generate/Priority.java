package dev.whyrank.generate;

/** Which requests get slots first. */
public enum Priority {
    /** Somebody waits. */
    INTERACTIVE,
    /** Gets the slots that no interactive request could take; what runs is never stopped for another. */
    BULK
}

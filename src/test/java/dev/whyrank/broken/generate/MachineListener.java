package dev.whyrank.broken.generate;

/** Breaks nothing. */
public interface MachineListener {

    /** Whatever. */
    void turned();
}

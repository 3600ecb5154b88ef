package dev.whyrank.generate;

/**
 * How full a scheduler is.
 *
 * @param waiting sequences without a slot
 * @param running sequences with a slot
 * @param usedPositions cache positions written, over all slots, shared prefixes included
 * @param slots slots in use, shared prefixes included
 */
public record Occupancy(int waiting, int running, long usedPositions, int slots) {}

package dev.whyrank.batch;

/**
 * What came of a line.
 *
 * @param answered false if it was refused or failed
 * @param json what its owner is told, without a line break
 */
public record LineResult(boolean answered, String json) {}

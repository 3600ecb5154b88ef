package dev.whyrank.batch;

/**
 * What came of a line.
 *
 * @param answered false if it was refused or failed
 * @param json what its owner is told, without a line break
 * @param noRoom what its owner is told where there is no room for that: a problem of at most {@value #SHORT} characters
 */
public record LineResult(boolean answered, String json, String noRoom) {

    /** Characters that the result of any line may have, however little room there is. */
    public static final int SHORT = 800;
}

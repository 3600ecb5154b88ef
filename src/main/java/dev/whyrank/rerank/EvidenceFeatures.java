package dev.whyrank.rerank;

/**
 * What is measured of one document by itself. Its length is not among it: short documents were the better ones where
 * the scale was fitted, and elsewhere they are not.
 *
 * @param similarity cosine of the query's vector and the document's; of a document of several windows, half that of
 *     the closest window and half that of all together
 * @param queryWords words of the query, as English is analysed
 */
public record EvidenceFeatures(double similarity, int queryWords) {

    /** Beyond the lengths that were seen when the scale was fitted, length says nothing more. */
    private static final int SHORTEST = 15;

    private static final int LONGEST = 150;

    /** The query's length on a logarithmic scale. */
    public double queryLength() {
        return Math.log1p(Math.max(SHORTEST, Math.min(LONGEST, queryWords)));
    }
}

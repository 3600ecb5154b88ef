package dev.whyrank.rerank;

/**
 * What is measured of one document by itself.
 *
 * @param products of the query's vector and the vector of the document's closest window, element by element; both have
 *     length one, so their sum is the cosine
 * @param queryTokens tokens of the query
 * @param documentTokens tokens of the document
 */
public record EvidenceFeatures(float[] products, int queryTokens, int documentTokens) {

    /** Beyond the lengths that were seen when the scale was fitted, length says nothing more. */
    private static final int SHORTEST = 30;

    private static final int LONGEST = 500;
    private static final double USUAL = 100;

    static EvidenceFeatures of(float[] query, float[] window, int queryTokens, int documentTokens) {
        float[] products = new float[query.length];
        for (int i = 0; i < products.length; i++) {
            products[i] = query[i] * window[i];
        }
        return new EvidenceFeatures(products, queryTokens, documentTokens);
    }

    /** The cosine. */
    public double similarity() {
        double sum = 0;
        for (float product : products) {
            sum += product;
        }
        return sum;
    }

    /** The query's length on a logarithmic scale, around 0. */
    public double queryLength() {
        return scaled(queryTokens);
    }

    /** The document's length on the same scale. */
    public double documentLength() {
        return scaled(documentTokens);
    }

    private static double scaled(int tokens) {
        return Math.log(Math.max(SHORTEST, Math.min(LONGEST, tokens)) / USUAL);
    }
}

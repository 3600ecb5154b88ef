package dev.whyrank.rerank;

/**
 * What is measured of one document by itself.
 *
 * @param products of the query's vector and the vector of the document's closest window, element by element; both have
 *     length one, so their sum is the cosine
 * @param queryWords words of the query, as English is analysed
 * @param documentWords words of the document, counted likewise
 */
public record EvidenceFeatures(float[] products, int queryWords, int documentWords) {

    /** Beyond the lengths that were seen when the scale was fitted, length says nothing more. */
    private static final int SHORTEST = 15;

    private static final int LONGEST = 150;

    static EvidenceFeatures of(float[] query, float[] window, int queryWords, int documentWords) {
        float[] products = new float[query.length];
        for (int i = 0; i < products.length; i++) {
            products[i] = query[i] * window[i];
        }
        return new EvidenceFeatures(products, queryWords, documentWords);
    }

    /** The cosine. */
    public double similarity() {
        double sum = 0;
        for (float product : products) {
            sum += product;
        }
        return sum;
    }

    /** The query's length on a logarithmic scale. */
    public double queryLength() {
        return scaled(queryWords);
    }

    /** The document's length on the same scale. */
    public double documentLength() {
        return scaled(documentWords);
    }

    private static double scaled(int words) {
        return Math.log1p(Math.max(SHORTEST, Math.min(LONGEST, words)));
    }
}

package dev.whyrank.rerank;

import java.util.List;

/**
 * Turns a similarity into probabilities of three ordered labels by a proportional-odds model: the probability of a
 * label of at least k is the logistic function of (similarity - threshold k) / spread.
 *
 * @param partly similarity at which a document is as likely partially relevant or better as it is irrelevant
 * @param fully similarity at which it is as likely relevant as it is anything less; at least {@code partly}
 * @param spread how soft the steps are, above 0
 */
public record OrdinalScale(double partly, double fully, double spread) {

    /** Chosen by hand for cosines of MiniLM sentence vectors: unrelated text lies around 0.1, an answer around 0.6. */
    public static final OrdinalScale MINILM = new OrdinalScale(0.3, 0.5, 0.06);

    public OrdinalScale {
        if (!(spread > 0 && fully >= partly)) {
            throw new IllegalArgumentException(
                    "an ordinal scale needs partly <= fully and spread > 0: " + partly + ", " + fully + ", " + spread);
        }
    }

    /** Probabilities of irrelevant, partially relevant and relevant; they sum to 1. */
    List<Double> probabilities(double similarity) {
        double atLeastPartly = logistic((similarity - partly) / spread);
        double relevant = logistic((similarity - fully) / spread);
        return List.of(1 - atLeastPartly, atLeastPartly - relevant, relevant);
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}

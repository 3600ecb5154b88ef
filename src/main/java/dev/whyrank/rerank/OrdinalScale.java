package dev.whyrank.rerank;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/**
 * Turns what is measured of a document into probabilities of three ordered labels by a proportional-odds model: the
 * probability of a label of at least k is the logistic function of strength - threshold k, where strength is linear in
 * the measurements.
 *
 * <p>The label is not the likeliest one: partially relevant is rare and would hardly ever be given. Two cuts through
 * the expected label, fitted for accuracy and macro-F1 together, decide; the probabilities stay as they are.
 *
 * @param similarity weight of the cosine
 * @param queryLength weight of the query's length
 * @param partly strength at which a document is as likely partially relevant or better as it is irrelevant
 * @param fully strength at which it is as likely relevant as it is anything less; at least {@code partly}
 * @param partlyCut model score above which the label is at least partially relevant
 * @param fullyCut model score above which it is relevant; at least {@code partlyCut}
 */
public record OrdinalScale(
        double similarity, double queryLength, double partly, double fully, double partlyCut, double fullyCut) {

    private static final String MINILM_RESOURCE = "minilm-scale.properties";

    public OrdinalScale {
        if (!(fully >= partly && fullyCut >= partlyCut)) {
            throw new IllegalArgumentException(
                    "thresholds and cuts must not fall: " + partly + ", " + fully + "; " + partlyCut + ", " + fullyCut);
        }
    }

    /** Fitted for all-MiniLM-L6-v2; the resource says by which command. */
    public static OrdinalScale minilm() {
        Properties values = new Properties();
        try (InputStream in = OrdinalScale.class.getResourceAsStream(MINILM_RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(MINILM_RESOURCE + " is not on the class path");
            }
            values.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new OrdinalScale(
                number(values, "similarity"),
                number(values, "query-length"),
                number(values, "partly"),
                number(values, "fully"),
                number(values, "partly-cut"),
                number(values, "fully-cut"));
    }

    private static double number(Properties values, String name) {
        return Double.parseDouble(values.getProperty(name));
    }

    /** How much speaks for relevance, on the scale of the thresholds. */
    double strength(EvidenceFeatures features) {
        return similarity * features.similarity() + queryLength * features.queryLength();
    }

    /** Probabilities of irrelevant, partially relevant and relevant; they sum to 1. */
    public List<Double> probabilities(EvidenceFeatures features) {
        double strength = strength(features);
        double atLeastPartly = logistic(strength - partly);
        double relevant = logistic(strength - fully);
        return List.of(1 - atLeastPartly, atLeastPartly - relevant, relevant);
    }

    /** The label, 0 to 2, that these probabilities are read as. */
    public int label(List<Double> probabilities) {
        double score = Scoring.modelScore(LabelSet.GRADED, probabilities);
        if (score > fullyCut) {
            return 2;
        }
        return score > partlyCut ? 1 : 0;
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}

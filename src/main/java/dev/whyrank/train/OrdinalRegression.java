package dev.whyrank.train;

import dev.whyrank.rerank.EvidenceFeatures;
import dev.whyrank.rerank.OrdinalScale;
import java.util.List;

/**
 * Fits a proportional-odds model by gradient descent with Adam's steps, a fixed number of them from a fixed start.
 *
 * <p>Two inputs only: the cosine and the query's length. Weights of single vector elements were tried and dropped, as a
 * thousand pairs cannot tell 384 of them apart; so was the document's length, as the texts that scales are fitted on were
 * cut to one length and longer ones lost by it.
 */
final class OrdinalRegression {

    private static final int STEPS = 300;
    private static final int FINE_STEPS = 100;
    private static final double RATE = 0.05;
    private static final double PENALTY = 1e-4;

    private final double[][] inputs;
    private final int[] labels;
    private final Scaling scaling;

    /** Parameters: first threshold, logarithm of the step to the second, then one weight for each input. */
    private final double[] parameters;

    private OrdinalRegression(List<EvidenceFeatures> features, int[] labels) {
        this.scaling = Scaling.of(features.stream().map(OrdinalRegression::raw).toArray(double[][]::new));
        this.inputs = features.stream()
                .map(OrdinalRegression::raw)
                .map(scaling::apply)
                .toArray(double[][]::new);
        this.labels = labels;
        this.parameters = new double[2 + inputs[0].length];
        parameters[0] = -1;
    }

    /** Fits; the result's cuts divide the range evenly around the middle label, until better ones are found. */
    static OrdinalScale fit(List<EvidenceFeatures> features, int[] labels) {
        OrdinalRegression regression = new OrdinalRegression(features, labels);
        regression.descend();
        return regression.scale();
    }

    private static double[] raw(EvidenceFeatures features) {
        return new double[] {features.similarity(), features.queryLength()};
    }

    private void descend() {
        double[] mean = new double[parameters.length];
        double[] square = new double[parameters.length];
        for (int step = 1; step <= STEPS; step++) {
            double[] gradient = gradient();
            double rate = step > STEPS - FINE_STEPS ? RATE / 5 : RATE;
            for (int i = 0; i < gradient.length; i++) {
                mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
                square[i] = 0.99 * square[i] + 0.01 * gradient[i] * gradient[i];
                double direction = mean[i] / (1 - Math.pow(0.9, step));
                double size = Math.sqrt(square[i] / (1 - Math.pow(0.99, step)));
                parameters[i] -= rate * direction / (size + 1e-8);
            }
        }
    }

    /** Of the mean negative log likelihood and the penalty. */
    private double[] gradient() {
        double[] gradient = new double[parameters.length];
        double step = Math.exp(parameters[1]);
        for (int row = 0; row < inputs.length; row++) {
            double strength = 0;
            for (int i = 0; i < inputs[row].length; i++) {
                strength += parameters[2 + i] * inputs[row][i];
            }
            double partly = logistic(strength - parameters[0]);
            double fully = logistic(strength - parameters[0] - step);
            double byPartly = slope(labels[row], 0, partly, fully) / inputs.length;
            double byFully = slope(labels[row], 1, partly, fully) / inputs.length;
            gradient[0] += byPartly + byFully;
            gradient[1] += byFully * step;
            for (int i = 0; i < inputs[row].length; i++) {
                gradient[2 + i] -= (byPartly + byFully) * inputs[row][i];
            }
        }
        for (int i = 2; i < gradient.length; i++) {
            gradient[i] += PENALTY * parameters[i];
        }
        return gradient;
    }

    /** How the log likelihood of a label changes with the log odds of passing a threshold. */
    private static double slope(int label, int threshold, double partly, double fully) {
        double passing = threshold == 0 ? partly : fully;
        double change = passing * (1 - passing);
        if (label == threshold) {
            change = -change;
        } else if (label != threshold + 1) {
            return 0;
        }
        double probability = switch (label) {
            case 0 -> 1 - partly;
            case 1 -> partly - fully;
            default -> fully;
        };
        return change / Math.max(1e-12, probability);
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private OrdinalScale scale() {
        double shift = 0;
        double[] unscaled = new double[inputs[0].length];
        for (int i = 0; i < unscaled.length; i++) {
            unscaled[i] = parameters[2 + i] / scaling.spread()[i];
            shift += unscaled[i] * scaling.mean()[i];
        }
        double partly = parameters[0] + shift;
        return new OrdinalScale(unscaled[0], unscaled[1], partly, partly + Math.exp(parameters[1]), 0.25, 0.75);
    }
}

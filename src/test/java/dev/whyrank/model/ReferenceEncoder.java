package dev.whyrank.model;

/**
 * What an encoder must compute, written for reading: float64 plain loops over one text. The truth that the fast
 * implementation is compared with.
 */
public final class ReferenceEncoder {

    private final EncoderConfig config;
    private final PlainTensors tensors;

    public ReferenceEncoder(EncoderConfig config, Weights weights) {
        this.config = config;
        this.tensors = new PlainTensors(weights);
    }

    /** The vector of a text, of Euclidean length 1. The tokens are all there is: special ones in, padding out. */
    public double[] encode(int[] tokens) {
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = embed(tokens[t], t);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            block("encoder.layer." + layer + ".", x);
        }
        double[] mean = new double[config.hidden()];
        for (double[] token : x) {
            mean = PlainTensors.add(mean, token);
        }
        double length = Math.sqrt(PlainTensors.dot(mean, 0, mean, 0, mean.length));
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= length;
        }
        return mean;
    }

    private double[] embed(int token, int position) {
        double[] word = tensors.row("embeddings.word_embeddings.weight", token);
        double[] place = tensors.row("embeddings.position_embeddings.weight", position);
        double[] type = tensors.row("embeddings.token_type_embeddings.weight", 0);
        return norm("embeddings.LayerNorm", PlainTensors.add(PlainTensors.add(word, place), type));
    }

    private void block(String prefix, double[][] x) {
        double[][] attended = attention(prefix, x);
        for (int t = 0; t < x.length; t++) {
            x[t] = norm(prefix + "attention.output.LayerNorm", PlainTensors.add(x[t], attended[t]));
            double[] inner = tensors.linear(prefix + "intermediate.dense", x[t]);
            for (int i = 0; i < inner.length; i++) {
                inner[i] *= 0.5 * (1 + erf(inner[i] / Math.sqrt(2)));
            }
            double[] outer = tensors.linear(prefix + "output.dense", inner);
            x[t] = norm(prefix + "output.LayerNorm", PlainTensors.add(x[t], outer));
        }
    }

    private double[][] attention(String prefix, double[][] x) {
        double[][] q = new double[x.length][];
        double[][] k = new double[x.length][];
        double[][] v = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            q[t] = tensors.linear(prefix + "attention.self.query", x[t]);
            k[t] = tensors.linear(prefix + "attention.self.key", x[t]);
            v[t] = tensors.linear(prefix + "attention.self.value", x[t]);
        }
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            y[t] = tensors.linear(prefix + "attention.output.dense", mix(q[t], k, v));
        }
        return y;
    }

    private double[] mix(double[] q, double[][] k, double[][] v) {
        int width = config.hidden() / config.heads();
        double[] y = new double[config.hidden()];
        for (int from = 0; from < y.length; from += width) {
            double[] scores = new double[k.length];
            for (int t = 0; t < k.length; t++) {
                scores[t] = PlainTensors.dot(q, from, k[t], from, width) / Math.sqrt(width);
            }
            double[] share = PlainTensors.softmax(scores);
            for (int t = 0; t < k.length; t++) {
                for (int i = from; i < from + width; i++) {
                    y[i] += share[t] * v[t][i];
                }
            }
        }
        return y;
    }

    private double[] norm(String layer, double[] x) {
        double mean = 0;
        for (double value : x) {
            mean += value / x.length;
        }
        double variance = 0;
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double[] scale = tensors.vector(layer + ".weight");
        double[] shift = tensors.vector(layer + ".bias");
        for (int i = 0; i < x.length; i++) {
            shift[i] += scale[i] * (x[i] - mean) / Math.sqrt(variance + config.normEpsilon());
        }
        return shift;
    }

    /** The error function by a series whose terms all have one sign, so that nothing cancels; beyond 6 it is 1. */
    static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        // 2/sqrt(pi) exp(-x^2) times the sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1))
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}

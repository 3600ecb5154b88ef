package dev.whyrank.model;

import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.DecoderConfig.RopeScaling;

/**
 * What a decoder must compute, written for reading: float64, one token at a time, no cache, no tensors. The truth that
 * the fast implementation is compared with.
 */
public final class ReferenceDecoder {

    private final DecoderConfig config;
    private final PlainTensors tensors;
    private final double[] frequencies;

    public ReferenceDecoder(DecoderConfig config, Weights weights) {
        this.config = config;
        this.tensors = new PlainTensors(weights);
        this.frequencies = frequencies(config);
    }

    /** The logits that follow the last of the tokens, which stand at positions 0, 1, and so on. */
    public double[] logits(int[] tokens) {
        double[][] hidden = hidden(tokens);
        return head(hidden[hidden.length - 1]);
    }

    /** The number that a sequence classifier with one label reads after the last of the tokens. */
    public double score(int[] tokens) {
        double[][] hidden = hidden(tokens);
        double[] normed = norm("model.norm.weight", hidden[hidden.length - 1], 0, config.hidden());
        return tensors.times("score.weight", normed)[0];
    }

    /** The logits that follow each of the tokens. */
    public double[][] allLogits(int[] tokens) {
        double[][] logits = hidden(tokens);
        for (int t = 0; t < logits.length; t++) {
            logits[t] = head(logits[t]);
        }
        return logits;
    }

    private double[][] hidden(int[] tokens) {
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = tensors.row("model.embed_tokens.weight", tokens[t]);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            block("model.layers." + layer + ".", x);
        }
        return x;
    }

    private void block(String prefix, double[][] x) {
        double[][] attended = attention(prefix, x);
        for (int t = 0; t < x.length; t++) {
            x[t] = PlainTensors.add(x[t], attended[t]);
            x[t] = PlainTensors.add(x[t], feedForward(prefix, x[t]));
        }
    }

    private double[][] attention(String prefix, double[][] x) {
        String layer = prefix + "self_attn.";
        double[][] q = new double[x.length][];
        double[][] k = new double[x.length][];
        double[][] v = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] normed = norm(prefix + "input_layernorm.weight", x[t], 0, config.hidden());
            q[t] = placed(layer, "q", normed, t);
            k[t] = placed(layer, "k", normed, t);
            v[t] = project(layer, "v", normed);
        }
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            y[t] = tensors.times(layer + "o_proj.weight", mix(q[t], k, v, t));
        }
        return y;
    }

    /** A query or key: projected, normed head by head where the family does so, rotated to its position. */
    private double[] placed(String layer, String which, double[] x, int position) {
        double[] heads = project(layer, which, x);
        for (int from = 0; from < heads.length; from += config.headDim()) {
            if (config.family() == Family.QWEN3) {
                double[] normed = norm(layer + which + "_norm.weight", heads, from, config.headDim());
                System.arraycopy(normed, 0, heads, from, normed.length);
            }
            rotate(heads, from, position);
        }
        return heads;
    }

    private double[] project(String layer, String which, double[] x) {
        double[] y = tensors.times(layer + which + "_proj.weight", x);
        return config.family() == Family.QWEN2 ? PlainTensors.add(y, tensors.vector(layer + which + "_proj.bias")) : y;
    }

    /** Turns the pairs (i, i + headDim / 2) of one head. */
    private void rotate(double[] heads, int from, int position) {
        int half = config.headDim() / 2;
        for (int i = 0; i < half; i++) {
            double cos = Math.cos(position * frequencies[i]);
            double sin = Math.sin(position * frequencies[i]);
            double a = heads[from + i];
            double b = heads[from + half + i];
            heads[from + i] = a * cos - b * sin;
            heads[from + half + i] = b * cos + a * sin;
        }
    }

    /** What the token at {@code last} takes from itself and all tokens before it. */
    private double[] mix(double[] q, double[][] k, double[][] v, int last) {
        int width = config.headDim();
        int group = config.heads() / config.kvHeads();
        double[] y = new double[config.heads() * width];
        for (int head = 0; head < config.heads(); head++) {
            int shared = head / group * width;
            double[] scores = new double[last + 1];
            for (int t = 0; t <= last; t++) {
                scores[t] = PlainTensors.dot(q, head * width, k[t], shared, width) / Math.sqrt(width);
            }
            double[] share = PlainTensors.softmax(scores);
            for (int t = 0; t <= last; t++) {
                for (int i = 0; i < width; i++) {
                    y[head * width + i] += share[t] * v[t][shared + i];
                }
            }
        }
        return y;
    }

    private double[] feedForward(String prefix, double[] x) {
        double[] normed = norm(prefix + "post_attention_layernorm.weight", x, 0, config.hidden());
        double[] gate = tensors.times(prefix + "mlp.gate_proj.weight", normed);
        double[] up = tensors.times(prefix + "mlp.up_proj.weight", normed);
        for (int i = 0; i < gate.length; i++) {
            up[i] *= gate[i] / (1 + Math.exp(-gate[i]));
        }
        return tensors.times(prefix + "mlp.down_proj.weight", up);
    }

    private double[] head(double[] x) {
        double[] normed = norm("model.norm.weight", x, 0, config.hidden());
        return tensors.times(config.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight", normed);
    }

    private double[] norm(String name, double[] x, int from, int length) {
        double root = Math.sqrt(PlainTensors.dot(x, from, x, from, length) / length + config.normEpsilon());
        double[] y = tensors.vector(name);
        for (int i = 0; i < length; i++) {
            y[i] *= x[from + i] / root;
        }
        return y;
    }

    private static double[] frequencies(DecoderConfig config) {
        double[] frequencies = new double[config.headDim() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
            frequencies[i] = config.ropeScaling() == null ? frequency : scaled(frequency, config.ropeScaling());
        }
        return frequencies;
    }

    /** Short waves stay, long ones are stretched by the factor, and those between are blended. */
    private static double scaled(double frequency, RopeScaling scaling) {
        double turns = scaling.originalContextLength() * frequency / (2 * Math.PI);
        double blend =
                (turns - scaling.lowFrequencyFactor()) / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
        double kept = Math.min(1, Math.max(0, blend));
        return kept * frequency + (1 - kept) * frequency / scaling.factor();
    }
}

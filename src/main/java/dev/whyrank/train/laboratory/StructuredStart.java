package dev.whyrank.train.laboratory;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.NamedWeights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * First weights from which a very small decoder learns to bind names to each other within minutes, where plainly random
 * ones learn it not at all. They hold no knowledge of the world, only habits of looking:
 *
 * <ul>
 *   <li>One dimension of every embedding is constant, so that attention can go by position alone. The heads of the first
 *       layer look 1, 2, 3 and 4 tokens back and write what they see into a place of its own for each distance.
 *   <li>The heads of the second layer look for tokens whose surroundings hold the same name as their own, at distances
 *       that the sentences of the world have, and copy the name that stands there.
 *   <li>The heads of the others look for what resembles the present token.
 * </ul>
 */
final class StructuredStart implements NamedWeights {

    /** Spread of the embeddings. */
    private static final double SPREAD = 0.05;

    private static final double CONSTANT = 4 * SPREAD;

    /** Rotary frequencies that tell distances of a few tokens apart; the slow ones hardly turn at all. */
    private static final int FAST = 4;

    private static final int SLOW_FROM = 6;
    private static final double SHARPNESS = 2;
    private static final double MATCHING = 1.6;

    /** Dimensions that say what a token itself is, and those that say what stands at one distance before it. */
    private static final int SELF = 32;

    private static final int BEFORE = 24;

    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final DecoderConfig config;
    private final SplittableRandom random;

    /** Directions at right angles: first those of the token itself, then those of each distance. */
    private final double[][] directions;

    StructuredStart(DecoderConfig config, long seed) {
        if (config.heads() != 4 || config.kvHeads() != 4 || config.hidden() != SELF + 4 * BEFORE) {
            throw new IllegalArgumentException("the places are laid out for four heads and a width of 128");
        }
        this.config = config;
        random = new SplittableRandom(seed);
        directions = rightAngles();
        float[] embedding = put(
                "model.embed_tokens.weight",
                gaussian(config.vocabulary() * config.hidden(), SPREAD),
                config.vocabulary(),
                config.hidden());
        for (int token = 0; token < config.vocabulary(); token++) {
            embedding[token * config.hidden()] = (float) CONSTANT;
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            layer(layer, "model.layers." + layer + ".");
        }
        put("model.norm.weight", ones(), config.hidden());
    }

    private void layer(int layer, String name) {
        int width = config.hidden();
        put(name + "input_layernorm.weight", ones(), width);
        if (layer == 0) {
            put(name + "self_attn.q_proj.weight", byPosition(true), width, width);
            put(name + "self_attn.k_proj.weight", byPosition(false), width, width);
            copies(name, new int[] {0, 0, 0, 0}, new int[] {1, 2, 3, 4}, 2 * SPREAD);
        } else if (layer == 1) {
            put(name + "self_attn.q_proj.weight", reading(new int[] {2, 2, 1, 3}, 1), width, width);
            put(name + "self_attn.k_proj.weight", reading(new int[] {4, 0, 2, 4}, 1), width, width);
            copies(name, new int[] {0, 4, 0, 3}, new int[] {0, 0, 0, 1}, 4 * SPREAD);
        } else {
            float[] alike = scaled(1);
            put(name + "self_attn.q_proj.weight", alike.clone(), width, width);
            put(name + "self_attn.k_proj.weight", alike, width, width);
            float[] copy = scaled(Math.sqrt(SPREAD));
            put(name + "self_attn.v_proj.weight", copy, width, width);
            put(name + "self_attn.o_proj.weight", transposed(copy), width, width);
        }
        put(name + "post_attention_layernorm.weight", ones(), width);
        int inner = config.feedForward();
        put(name + "mlp.gate_proj.weight", gaussian(inner * width, 0.05), inner, width);
        put(name + "mlp.up_proj.weight", gaussian(inner * width, 0.05), inner, width);
        put(name + "mlp.down_proj.weight", gaussian(inner * width, 0.1 * SPREAD), width, inner);
    }

    /** Where a place begins among the directions: 0 is the token itself, 1 to 4 what stands so far before it. */
    private static int place(int distance) {
        return distance == 0 ? 0 : SELF + (distance - 1) * BEFORE;
    }

    /** Queries turned back by as many positions as a head looks; only the constant dimension is read. */
    private float[] byPosition(boolean queries) {
        int width = config.hidden();
        int half = config.headDim() / 2;
        float[] matrix = gaussian(width * width, 0.01);
        for (int head = 0; head < config.heads(); head++) {
            int back = head + 1;
            for (int i = 0; i < FAST; i++) {
                double angle = queries ? back * Math.pow(config.ropeTheta(), -2.0 * i / config.headDim()) : 0;
                int row = head * config.headDim() + i;
                matrix[row * width] = (float) (SHARPNESS * Math.cos(angle));
                matrix[(row + half) * width] = (float) (-SHARPNESS * Math.sin(angle));
            }
        }
        return matrix;
    }

    /** Each head reads one place, into dimensions that hardly turn with the position. */
    private float[] reading(int[] distances, double strength) {
        int width = config.hidden();
        int half = config.headDim() / 2;
        float[] matrix = gaussian(width * width, 0.01);
        for (int head = 0; head < config.heads(); head++) {
            int first = place(distances[head]);
            // What a token itself is, is half as strong as what was copied.
            double scale = MATCHING * strength * (distances[head] == 0 ? 2 : 1);
            int content = 0;
            for (int i = SLOW_FROM; i < half && content < BEFORE; i++) {
                set(matrix, head * config.headDim() + i, directions[first + content++], scale);
                set(matrix, head * config.headDim() + half + i, directions[first + content++], scale);
            }
        }
        return matrix;
    }

    /** Each head copies from one place to another. */
    private void copies(String layer, int[] from, int[] to, double strength) {
        int width = config.hidden();
        float[] values = gaussian(width * width, 0.01);
        float[] outputs = gaussian(width * width, 0.1 * SPREAD / Math.sqrt(width));
        for (int head = 0; head < config.heads(); head++) {
            for (int i = 0; i < BEFORE; i++) {
                int row = head * config.headDim() + i;
                set(values, row, directions[place(from[head]) + i], 1);
                for (int j = 0; j < width; j++) {
                    outputs[j * width + row] = (float) (strength * directions[place(to[head]) + i][j]);
                }
            }
        }
        put(layer + "self_attn.v_proj.weight", values, width, width);
        put(layer + "self_attn.o_proj.weight", outputs, width, width);
    }

    private static void set(float[] matrix, int row, double[] direction, double scale) {
        for (int j = 0; j < direction.length; j++) {
            matrix[row * direction.length + j] = (float) (scale * direction[j]);
        }
    }

    /** Rows of length one at right angles to each other and to the constant dimension; hence the last is only short. */
    private double[][] rightAngles() {
        int width = config.hidden();
        double[][] rows = new double[width][width];
        for (int i = 0; i < width - 1; i++) {
            for (int j = 1; j < width; j++) {
                rows[i][j] = nextGaussian();
            }
            for (int earlier = 0; earlier < i; earlier++) {
                double share = dot(rows[i], rows[earlier]);
                for (int j = 0; j < width; j++) {
                    rows[i][j] -= share * rows[earlier][j];
                }
            }
            double norm = Math.sqrt(dot(rows[i], rows[i]));
            for (int j = 0; j < width; j++) {
                rows[i][j] /= norm;
            }
        }
        return rows;
    }

    private float[] scaled(double length) {
        double[][] rows = rightAngles();
        float[] matrix = new float[rows.length * rows.length];
        for (int i = 0; i < rows.length; i++) {
            set(matrix, i, rows[i], length);
        }
        return matrix;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private float[] transposed(float[] matrix) {
        int width = config.hidden();
        float[] turned = new float[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            turned[i % width * width + i / width] = matrix[i];
        }
        return turned;
    }

    private float[] ones() {
        float[] ones = new float[config.hidden()];
        java.util.Arrays.fill(ones, 1f);
        return ones;
    }

    private float[] gaussian(int count, double spread) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (spread * nextGaussian());
        }
        return numbers;
    }

    /** Box and Muller's transform. */
    private double nextGaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private float[] put(String name, float[] tensor, long... shape) {
        shapes.put(name, shape);
        values.put(name, tensor);
        return tensor;
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public boolean contains(String name) {
        return shapes.containsKey(name);
    }

    @Override
    public long[] shape(String name) {
        long[] shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("the start has no tensor " + name);
        }
        return shape.clone();
    }

    @Override
    public FloatBuffer rows(String name, int from, int to) {
        float[] tensor = values.getOrDefault(name, new float[0]);
        int width = (int) (tensor.length / shape(name)[0]);
        return ByteBuffer.allocateDirect((to - from) * width * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(tensor, from * width, (to - from) * width)
                .flip();
    }
}

package dev.whyrank.model;

import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.DecoderConfig.RopeScaling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Random weights in memory under Hugging Face names. A tensor depends on the seed and its own name only. Strong
 * embeddings make the model's choices depend on its input, so that a misplaced token shows.
 */
public final class TinyWeights implements Weights {

    private final long seed;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();

    private TinyWeights(long seed) {
        this.seed = seed;
    }

    /** All the tensors that a decoder of this shape has. */
    public static TinyWeights of(DecoderConfig config, long seed) {
        TinyWeights weights = new TinyWeights(seed);
        weights.embedding("model.embed_tokens.weight", config.vocabulary(), config.hidden());
        for (int layer = 0; layer < config.layers(); layer++) {
            weights.decoderLayer("model.layers." + layer + ".", config);
        }
        weights.norm("model.norm.weight", config.hidden());
        if (!config.tiedHead()) {
            weights.matrix("lm_head.weight", config.vocabulary(), config.hidden());
        }
        return weights;
    }

    /** All the tensors that an encoder of this shape has. */
    public static TinyWeights of(EncoderConfig config, long seed) {
        TinyWeights weights = new TinyWeights(seed);
        weights.embedding("embeddings.word_embeddings.weight", config.vocabulary(), config.hidden());
        weights.embedding("embeddings.position_embeddings.weight", config.positions(), config.hidden());
        weights.embedding("embeddings.token_type_embeddings.weight", 2, config.hidden());
        weights.layerNorm("embeddings.LayerNorm", config.hidden());
        for (int layer = 0; layer < config.layers(); layer++) {
            weights.encoderLayer("encoder.layer." + layer + ".", config);
        }
        return weights;
    }

    /** A small encoder. */
    public static EncoderConfig encoderConfig() {
        return new EncoderConfig(2, 48, 4, 96, 320, 64, 1e-12);
    }

    /**
     * A small shape that has everything its family can have: grouped heads, a head width that is not hidden / heads,
     * an untied head for Llama and Qwen2, and for Llama a frequency scaling whose three ranges all occur.
     */
    public static DecoderConfig config(Family family) {
        RopeScaling scaling = family == Family.LLAMA ? new RopeScaling(8, 1, 4, 64) : null;
        return config(family, scaling, family == Family.QWEN3);
    }

    /** The same shape with the scaling and the head given. */
    public static DecoderConfig config(Family family, @Nullable RopeScaling scaling, boolean tiedHead) {
        return new DecoderConfig(family, 3, 48, 6, 2, 16, 80, 320, 512, 1e-5, 500.0, scaling, tiedHead);
    }

    /** The names of all tensors. */
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public boolean contains(String name) {
        return shapes.containsKey(name);
    }

    @Override
    public long[] shape(String name) {
        return require(shapes, name).clone();
    }

    @Override
    public FloatBuffer rows(String name, int from, int to) {
        float[] all = require(values, name);
        int width = Math.toIntExact(all.length / shape(name)[0]);
        FloatBuffer rows = ByteBuffer.allocateDirect((to - from) * width * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        return rows.put(all, from * width, (to - from) * width).flip();
    }

    private void decoderLayer(String prefix, DecoderConfig config) {
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        norm(prefix + "input_layernorm.weight", config.hidden());
        projection(prefix + "self_attn.q_", queries, config);
        projection(prefix + "self_attn.k_", keys, config);
        projection(prefix + "self_attn.v_", keys, config);
        matrix(prefix + "self_attn.o_proj.weight", config.hidden(), queries);
        if (config.family() == Family.QWEN3) {
            norm(prefix + "self_attn.q_norm.weight", config.headDim());
            norm(prefix + "self_attn.k_norm.weight", config.headDim());
        }
        norm(prefix + "post_attention_layernorm.weight", config.hidden());
        matrix(prefix + "mlp.gate_proj.weight", config.feedForward(), config.hidden());
        matrix(prefix + "mlp.up_proj.weight", config.feedForward(), config.hidden());
        matrix(prefix + "mlp.down_proj.weight", config.hidden(), config.feedForward());
    }

    private void encoderLayer(String prefix, EncoderConfig config) {
        int hidden = config.hidden();
        for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
            linear(prefix + "attention." + name, hidden, hidden);
        }
        layerNorm(prefix + "attention.output.LayerNorm", hidden);
        linear(prefix + "intermediate.dense", config.feedForward(), hidden);
        linear(prefix + "output.dense", hidden, config.feedForward());
        layerNorm(prefix + "output.LayerNorm", hidden);
    }

    private void linear(String layer, int out, int in) {
        matrix(layer + ".weight", out, in);
        bias(layer + ".bias", out);
    }

    private void layerNorm(String layer, int width) {
        norm(layer + ".weight", width);
        bias(layer + ".bias", width);
    }

    private void projection(String prefix, int width, DecoderConfig config) {
        matrix(prefix + "proj.weight", width, config.hidden());
        if (config.family() == Family.QWEN2) {
            bias(prefix + "proj.bias", width);
        }
    }

    private void embedding(String name, int rows, int width) {
        normal(name, 0, 0.5, rows, width);
    }

    private void matrix(String name, int out, int in) {
        normal(name, 0, 0.7 / Math.sqrt(in), out, in);
    }

    private void norm(String name, int width) {
        normal(name, 1, 0.1, width);
    }

    private void bias(String name, int width) {
        normal(name, 0, 0.1, width);
    }

    private void normal(String name, double mean, double deviation, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        Random random = new Random(seed * 31 + name.hashCode());
        float[] tensor = new float[Math.toIntExact(count)];
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = (float) (mean + deviation * random.nextGaussian());
        }
        shapes.put(name, shape);
        values.put(name, tensor);
    }

    private static <T> T require(Map<String, T> map, String name) {
        T value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("tiny weights: no tensor " + name);
        }
        return value;
    }
}

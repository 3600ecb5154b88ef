package dev.whyrank.checkpoint;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.InvalidInputException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The tensors that a decoder of a given shape consists of. */
final class DecoderTensors {

    /** Stored by old exporters and computed here; and the head of a model whose head is its embedding table. */
    private static final String IGNORED = "(.*\\.rotary_emb\\.inv_freq|lm_head\\.weight)";

    /** The head of a model that gives one number. */
    static final String SCORE = "score.weight";

    private DecoderTensors() {}

    /** Tells names and shapes, in the order of the forward pass. */
    static void forEach(DecoderConfig config, BiConsumer<String, long[]> each) {
        forEachOfBody(config, each);
        if (!config.tiedHead()) {
            each.accept("lm_head.weight", new long[] {config.vocabulary(), config.hidden()});
        }
    }

    private static void forEachOfBody(DecoderConfig config, BiConsumer<String, long[]> each) {
        each.accept("model.embed_tokens.weight", new long[] {config.vocabulary(), config.hidden()});
        for (int i = 0; i < config.layers(); i++) {
            String layer = "model.layers." + i + ".";
            forEachOfLayer(config, (name, shape) -> each.accept(layer + name, shape));
        }
        each.accept("model.norm.weight", new long[] {config.hidden()});
    }

    private static void forEachOfLayer(DecoderConfig config, BiConsumer<String, long[]> each) {
        long hidden = config.hidden();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        each.accept("input_layernorm.weight", new long[] {hidden});
        each.accept("self_attn.q_proj.weight", new long[] {queries, hidden});
        each.accept("self_attn.k_proj.weight", new long[] {keys, hidden});
        each.accept("self_attn.v_proj.weight", new long[] {keys, hidden});
        each.accept("self_attn.o_proj.weight", new long[] {hidden, queries});
        if (config.family() == Family.QWEN2) {
            each.accept("self_attn.q_proj.bias", new long[] {queries});
            each.accept("self_attn.k_proj.bias", new long[] {keys});
            each.accept("self_attn.v_proj.bias", new long[] {keys});
        }
        if (config.family() == Family.QWEN3) {
            each.accept("self_attn.q_norm.weight", new long[] {config.headDim()});
            each.accept("self_attn.k_norm.weight", new long[] {config.headDim()});
        }
        each.accept("post_attention_layernorm.weight", new long[] {hidden});
        each.accept("mlp.gate_proj.weight", new long[] {config.feedForward(), hidden});
        each.accept("mlp.up_proj.weight", new long[] {config.feedForward(), hidden});
        each.accept("mlp.down_proj.weight", new long[] {hidden, config.feedForward()});
    }

    /** Whether a tensor that files may hold takes part in the forward pass. */
    static boolean uses(DecoderConfig config, String name) {
        return !name.matches(IGNORED) || (name.equals("lm_head.weight") && !config.tiedHead());
    }

    /**
     * Checks that files hold exactly these tensors, in formats that can be read. One that the forward pass would not use
     * is refused, because the model would silently be another one.
     *
     * @return number of parameters
     */
    static long verify(DecoderConfig config, Safetensors weights) {
        return verify(config, weights, each -> forEach(config, each));
    }

    /** The same for a model that gives one number. */
    static long verifyReward(DecoderConfig config, Safetensors weights) {
        return verify(config, weights, each -> {
            each.accept(SCORE, new long[] {1, config.hidden()});
            forEachOfBody(config, each);
        });
    }

    private static long verify(
            DecoderConfig config, Safetensors weights, Consumer<BiConsumer<String, long[]>> tensors) {
        Map<String, Long> parameters = new HashMap<>();
        // One by one: a forged number of layers fails at the first that is missing.
        tensors.accept((name, shape) -> {
            require(weights, name, shape);
            parameters.put(name, TensorInfo.elements(shape).orElseThrow());
        });
        refuseOthers(config, weights, parameters.keySet());
        return parameters.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void require(Safetensors weights, String name, long[] shape) {
        if (!weights.contains(name)) {
            throw new InvalidInputException(weights + ": tensor " + name
                    + " is missing; the files are incomplete or do not belong to this config.json");
        }
        if (!Arrays.equals(weights.shape(name), shape)) {
            throw new InvalidInputException(weights.file(name) + ": tensor " + name + " has shape "
                    + Arrays.toString(weights.shape(name)) + " where config.json demands " + Arrays.toString(shape));
        }
        weights.requireReadable(name);
    }

    private static void refuseOthers(DecoderConfig config, Safetensors weights, Set<String> expected) {
        for (String name : weights.names()) {
            if (!expected.contains(name) && !name.matches(IGNORED)) {
                throw new InvalidInputException(weights.file(name) + ": tensor " + name + " is no part of a "
                        + config.family() + " model of " + config.layers() + " layers; check config.json");
            }
        }
    }
}

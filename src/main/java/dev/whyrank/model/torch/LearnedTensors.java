package dev.whyrank.model.torch;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tensors learn, in the order of training.py, and which of their rows go by which name in a file: training.py
 * stacks what reads the same input, files do not.
 *
 * @param stacks one for each tensor that learns
 */
record LearnedTensors(List<Stack> stacks) {

    /** A tensor that learns, as the named tensors it consists of, from the top. */
    record Stack(List<Named> parts) {

        long rows() {
            return parts.stream().mapToLong(part -> part.shape()[0]).sum();
        }

        /** The shape of the whole. */
        long[] shape() {
            long[] shape = parts.get(0).shape().clone();
            shape[0] = rows();
            return shape;
        }
    }

    record Named(String name, long[] shape) {}

    /** The modules of a layer that an adapter can stand beside, in the order of training.py. */
    static final List<String> MODULES = List.of(
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj");

    static LearnedTensors all(DecoderConfig config) {
        List<Stack> stacks = new ArrayList<>();
        stacks.add(stack("model.embed_tokens.weight", config.vocabulary(), config.hidden()));
        for (int layer = 0; layer < config.layers(); layer++) {
            addLayer(config, "model.layers." + layer + ".", stacks);
        }
        stacks.add(stack("model.norm.weight", config.hidden()));
        if (!config.tiedHead()) {
            stacks.add(stack("lm_head.weight", config.vocabulary(), config.hidden()));
        }
        return new LearnedTensors(List.copyOf(stacks));
    }

    private static void addLayer(DecoderConfig config, String layer, List<Stack> stacks) {
        stacks.add(stack(layer + "input_layernorm.weight", config.hidden()));
        stacks.add(stack(layer + "post_attention_layernorm.weight", config.hidden()));
        stacks.add(modules(config, layer, 0, 3));
        stacks.add(modules(config, layer, 3, 4));
        stacks.add(modules(config, layer, 4, 6));
        stacks.add(modules(config, layer, 6, 7));
        if (config.family() == Family.QWEN2) {
            stacks.add(new Stack(List.of(bias(config, layer, 0), bias(config, layer, 1), bias(config, layer, 2))));
        }
        if (config.family() == Family.QWEN3) {
            stacks.add(stack(layer + "self_attn.q_norm.weight", config.headDim()));
            stacks.add(stack(layer + "self_attn.k_norm.weight", config.headDim()));
        }
    }

    /** The adapters' tensors in PEFT's layout, for the modules that have one. */
    static LearnedTensors adapters(DecoderConfig config, TrainingOptions.Adapter adapter) {
        List<Stack> stacks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (int module = 0; module < MODULES.size(); module++) {
                if (has(adapter, module)) {
                    long[] shape = shape(config, module);
                    String name = "base_model.model.model.layers." + layer + "." + MODULES.get(module) + ".lora_";
                    stacks.add(stack(name + "A.weight", adapter.rank(), shape[1]));
                    stacks.add(stack(name + "B.weight", shape[0], adapter.rank()));
                }
            }
        }
        return new LearnedTensors(List.copyOf(stacks));
    }

    /** Whether a module has an adapter. */
    static boolean has(TrainingOptions.Adapter adapter, int module) {
        String name = MODULES.get(module);
        return adapter.targets().contains(name.substring(name.indexOf('.') + 1));
    }

    /** Rows and columns of a module's matrix. */
    static long[] shape(DecoderConfig config, int module) {
        long hidden = config.hidden();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        return switch (module) {
            case 0 -> new long[] {queries, hidden};
            case 1, 2 -> new long[] {keys, hidden};
            case 3 -> new long[] {hidden, queries};
            case 4, 5 -> new long[] {config.feedForward(), hidden};
            default -> new long[] {hidden, config.feedForward()};
        };
    }

    private static Stack modules(DecoderConfig config, String layer, int from, int to) {
        List<Named> parts = new ArrayList<>();
        for (int module = from; module < to; module++) {
            parts.add(new Named(layer + MODULES.get(module) + ".weight", shape(config, module)));
        }
        return new Stack(List.copyOf(parts));
    }

    private static Named bias(DecoderConfig config, String layer, int module) {
        return new Named(layer + MODULES.get(module) + ".bias", new long[] {shape(config, module)[0]});
    }

    private static Stack stack(String name, long... shape) {
        return new Stack(List.of(new Named(name, shape)));
    }
}

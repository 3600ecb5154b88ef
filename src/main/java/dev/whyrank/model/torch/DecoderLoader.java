package dev.whyrank.model.torch;

import static dev.whyrank.model.torch.WeightFeeder.names;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;

/** Maps the names of Hugging Face checkpoints onto the order in which decoder.py takes its weights. */
final class DecoderLoader {

    private DecoderLoader() {}

    static void load(DecoderConfig config, WeightFeeder feeder) {
        feeder.embedding("model.embed_tokens.weight");
        for (int layer = 0; layer < config.layers(); layer++) {
            layer(config.family(), "model.layers." + layer + ".", feeder);
        }
        feeder.add("add_norm", "model.norm.weight");
        feeder.add("add_matrix", config.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight");
    }

    private static void layer(Family family, String prefix, WeightFeeder feeder) {
        String attention = prefix + "self_attn.";
        String feedForward = prefix + "mlp.";
        feeder.add("add_norm", prefix + "input_layernorm.weight");
        feeder.add("add_norm", prefix + "post_attention_layernorm.weight");
        feeder.add("add_matrix", names(attention, "_proj.weight", "q", "k", "v"));
        feeder.add("add_matrix", attention + "o_proj.weight");
        feeder.add("add_matrix", names(feedForward, "_proj.weight", "gate", "up"));
        feeder.add("add_matrix", feedForward + "down_proj.weight");
        if (family == Family.QWEN2) {
            feeder.add("add_bias", names(attention, "_proj.bias", "q", "k", "v"));
        } else if (family == Family.QWEN3) {
            feeder.add("add_head_norm", attention + "q_norm.weight");
            feeder.add("add_head_norm", attention + "k_norm.weight");
        }
    }
}

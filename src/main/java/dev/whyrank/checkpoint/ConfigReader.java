package dev.whyrank.checkpoint;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.DecoderConfig.RopeScaling;
import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads {@code config.json}. What a file leaves out has the default of its family's original implementation. */
final class ConfigReader {

    /** Sizes that a family's original implementation assumes. */
    private record Defaults(int vocabulary, int feedForward, int contextLength, int headDim) {}

    /** What a decoder's last state is turned into. */
    enum Head {
        /** Logits of the next token. */
        LANGUAGE("ForCausalLM", "language model"),
        /** One number. */
        REWARD("ForSequenceClassification", "reward model");

        private final String ending;
        private final String words;

        Head(String ending, String words) {
            this.ending = ending;
            this.words = words;
        }
    }

    private final Fields fields;
    private final Head head;
    private final Family family;
    private final Defaults defaults;

    private ConfigReader(Fields fields, Head head) {
        this.fields = fields;
        this.head = head;
        family = family();
        defaults = switch (family) {
            case LLAMA -> new Defaults(32_000, 11_008, 2_048, 0);
            case QWEN2 -> new Defaults(151_936, 22_016, 32_768, 0);
            case QWEN3 -> new Defaults(151_936, 22_016, 32_768, 128);
        };
    }

    /**
     * Reads a configuration.
     *
     * @throws InvalidInputException naming the field, if it cannot be served
     */
    static DecoderConfig read(Path file) {
        return read(file, Head.LANGUAGE);
    }

    /** The same of a decoder with another head; only a language model's can be its embedding table. */
    static DecoderConfig read(Path file, Head head) {
        ConfigReader reader = new ConfigReader(Fields.of(file), head);
        reader.refuseUnsupported();
        return reader.config();
    }

    private Family family() {
        String type = fields.text("model_type", "");
        Family found = switch (type) {
            case "llama" -> Family.LLAMA;
            case "qwen2" -> Family.QWEN2;
            case "qwen3" -> Family.QWEN3;
            default -> throw bad("model_type \"" + type + "\" is not supported; use a llama, qwen2 or qwen3 model");
        };
        for (JsonNode architecture : fields.get("architectures")) {
            if (!architecture.asString("").endsWith(head.ending)) {
                throw bad("architecture " + architecture.asString("") + " is no " + head.words + "; use a ..."
                        + head.ending);
            }
        }
        return found;
    }

    private void refuseUnsupported() {
        if (fields.has("quantization_config")) {
            throw bad("the checkpoint is quantised; use the original one, it is quantised on loading");
        }
        String activation = fields.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw bad("hidden_act \"" + activation + "\" is not supported, only silu");
        }
        if (family != Family.QWEN2 && fields.flag("attention_bias", false)) {
            throw bad("attention_bias is not supported for this model_type");
        }
        if (fields.flag("mlp_bias", false)) {
            throw bad("mlp_bias is not supported");
        }
        if (fields.positive("partial_rotary_factor", 1.0) != 1.0) {
            throw bad("partial_rotary_factor is not supported");
        }
        refuseSlidingWindow();
    }

    /** Many configurations name a window that no layer uses. */
    private void refuseSlidingWindow() {
        int layers = fields.positive("num_hidden_layers", 32);
        boolean used = family != Family.LLAMA
                && fields.flag("use_sliding_window", false)
                && fields.has("sliding_window")
                && !fields.has("layer_types")
                && fields.get("max_window_layers").asInt(28) < layers;
        for (JsonNode type : fields.get("layer_types")) {
            used |= !type.asString("").equals("full_attention");
        }
        if (used) {
            throw bad("sliding window attention is not supported; use a model with full attention in every layer");
        }
    }

    private DecoderConfig config() {
        int hidden = fields.positive("hidden_size", 4_096);
        int heads = fields.positive("num_attention_heads", 32);
        int kvHeads = fields.positive("num_key_value_heads", absentKvHeads(heads));
        int headDim =
                fields.positive("head_dim", defaults.headDim() > 0 ? defaults.headDim() : Math.max(1, hidden / heads));
        if (heads % kvHeads != 0) {
            throw bad("num_key_value_heads " + kvHeads + " must divide num_attention_heads " + heads);
        }
        if (headDim % 2 != 0) {
            throw bad("head_dim " + headDim + " must be even for rotary positions");
        }
        Fields rope = fields.has("rope_parameters") ? fields.object("rope_parameters") : fields.object("rope_scaling");
        return new DecoderConfig(
                family,
                fields.positive("num_hidden_layers", 32),
                hidden,
                heads,
                kvHeads,
                headDim,
                fields.positive("intermediate_size", defaults.feedForward()),
                fields.positive("vocab_size", defaults.vocabulary()),
                fields.positive("max_position_embeddings", defaults.contextLength()),
                fields.positive("rms_norm_eps", 1e-6),
                fields.positive("rope_theta", rope.positive("rope_theta", 10_000.0)),
                ropeScaling(rope),
                head == Head.LANGUAGE && fields.flag("tie_word_embeddings", false));
    }

    /** One for each query head in Llama, and where Qwen says null; Qwen's own default is 32. */
    private int absentKvHeads(int heads) {
        return family == Family.LLAMA || fields.node().has("num_key_value_heads") ? heads : 32;
    }

    private @Nullable RopeScaling ropeScaling(Fields rope) {
        String type = rope.text("rope_type", rope.text("type", "default"));
        if (type.equals("default")) {
            return null;
        }
        if (!type.equals("llama3")) {
            throw bad("rope_scaling of type \"" + type + "\" is not supported, only llama3; remove it to serve the"
                    + " model with its original context length");
        }
        return new RopeScaling(
                rope.required("factor"),
                rope.required("low_freq_factor"),
                rope.required("high_freq_factor"),
                rope.positive("original_max_position_embeddings", defaults.contextLength()));
    }

    private InvalidInputException bad(String what) {
        return new InvalidInputException(fields.source() + ": " + what);
    }
}

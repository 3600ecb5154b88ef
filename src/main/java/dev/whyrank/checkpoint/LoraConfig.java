package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What {@code adapter_config.json} says.
 *
 * @param rank r, the inner dimension of every pair
 * @param scale what the product is multiplied by
 */
record LoraConfig(int rank, float scale) {

    /** Initialisations after which the adapter belongs to a base model that training has changed too. */
    private static final String CHANGES_BASE = "(?i)(pissa.*|olora|corda|loftq)";

    /**
     * Reads a configuration.
     *
     * @throws InvalidInputException naming the field, if merging it by the plain rule would be wrong
     */
    static LoraConfig read(Path file) {
        Fields fields = Fields.of(file);
        String type = fields.text("peft_type", "LORA");
        if (!type.equals("LORA")) {
            throw new InvalidInputException(file + ": peft_type \"" + type + "\" is not supported, only LORA");
        }
        refuseUnsupported(fields);
        int rank = fields.positive("r", 8);
        double alpha = fields.positive("lora_alpha", 8.0);
        boolean rankStabilised = fields.flag("use_rslora", false);
        return new LoraConfig(rank, (float) (alpha / (rankStabilised ? Math.sqrt(rank) : rank)));
    }

    private static void refuseUnsupported(Fields fields) {
        for (String flag : List.of("use_dora", "lora_bias", "fan_in_fan_out", "use_qalora")) {
            if (fields.flag(flag, false)) {
                throw unsupported(fields, flag);
            }
        }
        for (String collection : List.of(
                "rank_pattern",
                "alpha_pattern",
                "modules_to_save",
                "trainable_token_indices",
                "target_parameters",
                "alora_invocation_tokens",
                "layer_replication")) {
            if (!fields.get(collection).isEmpty()) {
                throw unsupported(fields, collection);
            }
        }
        if (!fields.text("bias", "none").equals("none")) {
            throw unsupported(fields, "bias");
        }
        JsonNode init = fields.get("init_lora_weights");
        if (init.isString() && init.stringValue().matches(CHANGES_BASE)) {
            throw unsupported(fields, "init_lora_weights " + init.stringValue());
        }
    }

    private static InvalidInputException unsupported(Fields fields, String what) {
        return new InvalidInputException(fields.source() + ": " + what
                + " is not supported; merge the adapter into the model with its own tools");
    }
}

package dev.whyrank.train.tuning;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.checkpoint.Safetensors;
import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The shape of an adapter that goes on learning, as its folder has it.
 *
 * @param rank inner dimension r
 * @param alpha the product is multiplied by alpha / rank, also where the folder states the rank-stabilised rule
 * @param targets the layers that have one
 */
public record StartingAdapter(int rank, double alpha, Set<String> targets) {

    /** Its file of tensors. */
    static final String WEIGHTS = "adapter_model.safetensors";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DOWN = ".lora_A.weight";
    private static final double PEFT_ALPHA = 8;

    /**
     * Reads an adapter.
     *
     * @throws InvalidInputException if it is none of this base's
     */
    public static StartingAdapter read(Path base, Path folder) {
        // Checks all that is relied on below: the types of fields, every tensor's place and shape.
        Checkpoint.open(base, CheckpointOptions.DEFAULT.withAdapter(folder)).close();
        Safetensors tensors = Safetensors.ofFile(folder.resolve(WEIGHTS));
        Set<String> targets = new TreeSet<>();
        int rank = 0;
        for (String name : tensors.names()) {
            if (name.endsWith(DOWN)) {
                String module = name.substring(0, name.length() - DOWN.length());
                targets.add(module.substring(module.lastIndexOf('.') + 1));
                rank = Math.toIntExact(tensors.shape(name)[0]);
            }
        }
        JsonNode config = config(folder.resolve("adapter_config.json"));
        JsonNode alpha = config.path("lora_alpha");
        double stated = alpha.isNumber() ? alpha.doubleValue() : PEFT_ALPHA;
        JsonNode stabilised = config.path("use_rslora");
        boolean byRoot = stabilised.isBoolean() && stabilised.booleanValue();
        return new StartingAdapter(rank, byRoot ? stated * Math.sqrt(rank) : stated, targets);
    }

    private static JsonNode config(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new InvalidInputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}

package dev.whyrank.checkpoint;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.NamedWeights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what training makes, in the layouts that {@link Checkpoint} and others read. */
public final class CheckpointFolder {

    private static final List<String> DESCRIPTION = List.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json",
            "chat_template.jinja");

    /** Spread of fresh matrices. */
    private static final double SPREAD = 0.02;

    private CheckpointFolder() {}

    /** Writes a whole model: the base's configuration and tokenizer, and weights of its shape in float32. */
    public static void write(Path base, Path target, NamedWeights weights) throws IOException {
        Files.createDirectories(target);
        for (String name : DESCRIPTION) {
            if (Files.isRegularFile(base.resolve(name))) {
                Files.copy(base.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        SafetensorsFile.write(target.resolve(Safetensors.SINGLE), weights);
    }

    /**
     * Writes a model that has learnt nothing: normal matrices, norms of one, biases of zero.
     *
     * @param base a folder with config.json and tokenizer; weights there are not read
     */
    public static void writeUntrained(Path base, Path target, long seed) throws IOException {
        DecoderConfig config = ConfigReader.read(base.resolve("config.json"));
        Map<String, long[]> shapes = new LinkedHashMap<>();
        DecoderTensors.forEach(config, shapes::put);
        write(base, target, new Untrained(shapes, seed));
    }

    /** Writes a low-rank adapter in PEFT's layout. */
    public static void writeAdapter(
            Path target,
            String base,
            int rank,
            double alpha,
            double dropout,
            Collection<String> modules,
            NamedWeights weights)
            throws IOException {
        Files.createDirectories(target);
        ObjectNode config = Json.MAPPER.createObjectNode();
        config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").put("base_model_name_or_path", base);
        config.put("r", rank)
                .put("lora_alpha", alpha)
                .put("lora_dropout", dropout)
                .put("bias", "none");
        config.put("inference_mode", true).put("fan_in_fan_out", false).put("init_lora_weights", true);
        ArrayNode targets = config.putArray("target_modules");
        modules.stream().sorted().forEach(targets::add);
        Files.writeString(
                target.resolve("adapter_config.json"),
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
        SafetensorsFile.write(target.resolve("adapter_model.safetensors"), weights);
    }

    /** Weights that depend on the seed and their own names only. */
    private record Untrained(Map<String, long[]> shapes, long seed) implements NamedWeights {

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
                throw new IllegalArgumentException("no tensor " + name);
            }
            return shape.clone();
        }

        @Override
        public FloatBuffer rows(String name, int from, int to) {
            long[] shape = shape(name);
            int width = shape.length == 1 ? 1 : (int) shape[1];
            ByteBuffer bytes = ByteBuffer.allocateDirect((to - from) * width * Float.BYTES);
            FloatBuffer rows = bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
            for (int row = from; row < to; row++) {
                SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode() * 1_000_003L + row);
                for (int i = 0; i < width; i++) {
                    rows.put((float) first(name, random));
                }
            }
            return rows.flip();
        }

        private static double first(String name, SplittableRandom random) {
            if (name.endsWith(".bias")) {
                return 0;
            }
            return name.endsWith("norm.weight") ? 1 : SPREAD * random.nextGaussian();
        }
    }
}

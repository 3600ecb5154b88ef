package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Weights with a low-rank adapter merged in, in float32: W + scale * B * A, where A has shape [r, in] and B [out, r].
 * Rows are computed as they are asked for, so that no merged model is ever stored. Belongs to one thread.
 */
final class LoraWeights implements Weights {

    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PREFIX = "base_model.model.";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private final Weights base;
    private final Safetensors adapter;
    private final LoraConfig config;

    /** For each changed tensor the adapter's module, such as {@code base_model.model.model.layers.0.mlp.up_proj}. */
    private final Map<String, String> modules = new HashMap<>();

    private String loaded = "";
    private float[] down = {};
    private ByteBuffer scratch = ByteBuffer.allocateDirect(0);

    private LoraWeights(Weights base, Safetensors adapter, LoraConfig config) {
        this.base = base;
        this.adapter = adapter;
        this.config = config;
    }

    /**
     * Opens an adapter folder in the layout of PEFT and checks that every tensor of it can be merged.
     *
     * @param used whether the model uses a tensor of the base; a change to one that it does not use would be lost
     * @throws InvalidInputException naming the file, and the field or tensor at fault
     */
    static LoraWeights open(Weights base, Path folder, Predicate<String> used) {
        LoraConfig config = LoraConfig.read(folder.resolve("adapter_config.json"));
        LoraWeights merged = new LoraWeights(base, Safetensors.ofFile(folder.resolve(WEIGHTS)), config);
        for (String name : merged.adapter.names()) {
            merged.check(name, used);
        }
        if (merged.modules.isEmpty()) {
            throw new InvalidInputException(folder.resolve(WEIGHTS) + ": holds no tensors; choose another adapter");
        }
        return merged;
    }

    private void check(String name, Predicate<String> used) {
        boolean isA = name.endsWith(A);
        if (!name.startsWith(PREFIX) || !(isA || name.endsWith(B))) {
            throw bad(name, "is not understood; only lora_A and lora_B of linear layers can be merged");
        }
        adapter.requireReadable(name);
        String module = name.substring(0, name.length() - A.length());
        String target = module.substring(PREFIX.length()) + ".weight";
        if (!base.contains(target) || base.shape(target).length != 2) {
            throw bad(name, "changes " + target + ", which the base model does not have as a matrix");
        }
        if (!used.test(target)) {
            throw bad(
                    name,
                    "changes " + target + ", which the model does not use: its head is its embedding table"
                            + " (tie_word_embeddings); merge the adapter into the model with its own tools");
        }
        if (!adapter.contains(module + (isA ? B : A))) {
            throw bad(name, "has no counterpart " + (isA ? "lora_B" : "lora_A"));
        }
        long[] matrix = base.shape(target);
        long[] expected = isA ? new long[] {config.rank(), matrix[1]} : new long[] {matrix[0], config.rank()};
        if (!Arrays.equals(adapter.shape(name), expected)) {
            throw bad(
                    name,
                    "has shape " + Arrays.toString(adapter.shape(name)) + " where r and the base model demand "
                            + Arrays.toString(expected));
        }
        modules.put(target, module);
    }

    private InvalidInputException bad(String name, String what) {
        return new InvalidInputException(adapter + ": tensor " + name + " " + what);
    }

    @Override
    public boolean contains(String name) {
        return base.contains(name);
    }

    @Override
    public long[] shape(String name) {
        return base.shape(name);
    }

    @Override
    public FloatBuffer rows(String name, int from, int to) {
        FloatBuffer plain = base.rows(name, from, to);
        String module = modules.get(name);
        if (module == null || from == to) {
            return plain;
        }
        load(module);
        float[] up = floats(adapter.rows(module + B, from, to));
        int width = plain.remaining() / (to - from);
        FloatBuffer merged = scratch(plain.remaining());
        float[] row = new float[width];
        float[] delta = new float[width];
        for (int i = 0; i < to - from; i++) {
            plain.get(i * width, row);
            product(up, i, delta);
            for (int j = 0; j < width; j++) {
                row[j] += config.scale() * delta[j];
            }
            merged.put(i * width, row);
        }
        return merged;
    }

    /** Row i of B * A. */
    private void product(float[] up, int i, float[] delta) {
        Arrays.fill(delta, 0f);
        for (int k = 0; k < config.rank(); k++) {
            float factor = up[i * config.rank() + k];
            int offset = k * delta.length;
            for (int j = 0; j < delta.length; j++) {
                delta[j] += factor * down[offset + j];
            }
        }
    }

    /** A tensor is asked for in consecutive pieces, so the last A is worth keeping. */
    private void load(String module) {
        if (!loaded.equals(module)) {
            down = floats(adapter.rows(module + A, 0, config.rank()));
            loaded = module;
        }
    }

    private static float[] floats(FloatBuffer buffer) {
        float[] copy = new float[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }

    private FloatBuffer scratch(int elements) {
        int bytes = Math.multiplyExact(elements, Float.BYTES);
        if (scratch.capacity() < bytes) {
            scratch = ByteBuffer.allocateDirect(bytes);
        }
        return scratch.slice(0, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
}

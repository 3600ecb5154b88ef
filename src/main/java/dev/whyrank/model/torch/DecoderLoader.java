package dev.whyrank.model.torch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Maps a checkpoint's names onto the decoder's order and hands the weights in: matrices that read the same input are
 * stacked, so that one product serves them all. Rows pass through one small buffer; beside what is already loaded only
 * the matrix that is being assembled exists.
 */
final class DecoderLoader {

    private static final int BUFFER_BYTES = 16 << 20;

    private final ScriptModule module;
    private final Weights weights;
    private final DecoderConfig config;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.nativeOrder());

    DecoderLoader(ScriptModule module, Weights weights, DecoderConfig config) {
        this.module = module;
        this.weights = weights;
        this.config = config;
    }

    void load() {
        fillRows("fill_embedding", null, 0, "model.embed_tokens.weight");
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            String attention = prefix + "self_attn.";
            add("add_norm", List.of(prefix + "input_layernorm.weight"));
            add("add_norm", List.of(prefix + "post_attention_layernorm.weight"));
            add("add_matrix", names(attention, "_proj.weight", "q", "k", "v"));
            add("add_matrix", names(attention, "_proj.weight", "o"));
            add("add_matrix", names(prefix + "mlp.", "_proj.weight", "gate", "up"));
            add("add_matrix", names(prefix + "mlp.", "_proj.weight", "down"));
            if (config.family() == Family.QWEN2) {
                add("add_bias", names(attention, "_proj.bias", "q", "k", "v"));
            } else if (config.family() == Family.QWEN3) {
                add("add_head_norm", names(attention, "_norm.weight", "q"));
                add("add_head_norm", names(attention, "_norm.weight", "k"));
            }
        }
        add("add_norm", List.of("model.norm.weight"));
        add("add_matrix", List.of(config.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight"));
    }

    private static List<String> names(String prefix, String suffix, String... parts) {
        return Stream.of(parts).map(part -> prefix + part + suffix).toList();
    }

    /** Stacks tensors on top of each other and passes the whole to a method. */
    private void add(String method, List<String> names) {
        long[] shape = weights.shape(names.get(0)).clone();
        shape[0] = names.stream().mapToLong(name -> weights.shape(name)[0]).sum();
        try (PtNDManager manager = module.newCallManager()) {
            PtNDArray stacked = manager.create(new Shape(shape), DataType.FLOAT32);
            int first = 0;
            for (String name : names) {
                fillRows("fill", stacked, first, name);
                first += (int) weights.shape(name)[0];
            }
            module.run(method, IValue.from(stacked));
        }
    }

    /** Passes a tensor's rows to a method, a buffer at a time, with the matrix they go into if there is one. */
    private void fillRows(String method, @Nullable PtNDArray target, int first, String name) {
        long[] shape = weights.shape(name).clone();
        int rows = (int) shape[0];
        long width = LongStream.of(shape).skip(1).reduce(1, Math::multiplyExact);
        int perCall = Math.max(1, (int) (buffer.capacity() / (width * Float.BYTES)));
        for (int from = 0; from < rows; from += perCall) {
            int to = Math.min(rows, from + perCall);
            shape[0] = (long) to - from;
            buffer.clear();
            buffer.asFloatBuffer().put(weights.rows(name, from, to));
            buffer.limit((int) (shape[0] * width * Float.BYTES));
            try (PtNDManager manager = module.newCallManager()) {
                IValue chunk =
                        IValue.from(ScriptModule.tensor(manager, buffer.slice().order(buffer.order()), shape));
                IValue place = IValue.from((long) first + from);
                if (target == null) {
                    module.run(method, place, chunk);
                } else {
                    module.run(method, IValue.from(target), place, chunk);
                }
            }
        }
    }
}

package dev.whyrank.model.torch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.whyrank.model.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hands a checkpoint's tensors to a module's methods, one at a time. Rows pass through one small buffer; beside what is
 * already loaded only the matrix that is being assembled exists.
 */
final class WeightFeeder {

    private static final int BUFFER_BYTES = 16 << 20;

    private final ScriptModule module;
    private final Weights weights;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.nativeOrder());

    WeightFeeder(ScriptModule module, Weights weights) {
        this.module = module;
        this.weights = weights;
    }

    /** Names of tensors that differ in one part only. */
    static List<String> names(String prefix, String suffix, String... parts) {
        return Stream.of(parts).map(part -> prefix + part + suffix).toList();
    }

    void embedding(String name) {
        fillRows("fill_embedding", null, 0, name);
    }

    void add(String method, String name) {
        add(method, List.of(name));
    }

    /** Stacks tensors on top of each other, so that one product serves all that read the same input. */
    void add(String method, List<String> names) {
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

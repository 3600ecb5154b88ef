package dev.whyrank.model.torch;

import dev.whyrank.model.Precision;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a decoder is trained.
 *
 * @param precision of products, {@code FLOAT32} or {@code BFLOAT16}; what does not learn is held in it, too
 * @param device {@code auto}, {@code cpu} or {@code cuda:N}
 * @param threads libtorch's threads for one operation on CPU; 0 leaves them as they are
 * @param maxLength most tokens of a sequence
 * @param checkpointing whether a block's inside is computed again for its gradient instead of being kept: a third more
 *     time, and the memory of one block instead of all
 * @param adapter the low-rank adapters that learn, or null if all weights do
 */
public record TrainingOptions(
        Precision precision,
        String device,
        int threads,
        int maxLength,
        boolean checkpointing,
        @Nullable Adapter adapter) {

    /** Everything in float32 on CPU with all weights learning. */
    public static TrainingOptions plain(int threads, int maxLength) {
        return new TrainingOptions(Precision.FLOAT32, "cpu", threads, maxLength, false, null);
    }

    /**
     * Low-rank adapters beside linear layers.
     *
     * @param rank inner dimension r
     * @param alpha the product is multiplied by alpha / r
     * @param dropout share of an adapter's input that is left out while it learns
     * @param targets the layers that have one: {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code o_proj}, {@code
     *     gate_proj}, {@code up_proj}, {@code down_proj}
     * @param seed of the first values
     */
    public record Adapter(int rank, double alpha, double dropout, Set<String> targets, long seed) {}
}

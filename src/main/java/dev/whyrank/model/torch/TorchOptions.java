package dev.whyrank.model.torch;

import dev.whyrank.model.Precision;

/**
 * How a decoder is held.
 *
 * @param precision of its matrices
 * @param device {@code auto}, {@code cpu} or {@code cuda:N}
 * @param threads libtorch's threads for one operation on CPU, for the whole process; 0 leaves them as they are
 * @param slots of the cache
 * @param slotLength positions of each slot
 * @param labelIds tokens whose log probabilities come back with every row
 */
public record TorchOptions(
        Precision precision, String device, int threads, int slots, int slotLength, int[] labelIds) {}

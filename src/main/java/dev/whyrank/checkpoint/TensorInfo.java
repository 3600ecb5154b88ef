package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a file's header says of one tensor.
 *
 * @param dtype the format's name, perhaps one that weights cannot be read from
 * @param shape its dimensions
 * @param begin offset of the first byte from the start of the file
 * @param end offset after the last byte
 */
record TensorInfo(String dtype, long[] shape, long begin, long end) {

    /** The number of elements, or empty if it exceeds a long. */
    static Optional<Long> elements(long[] shape) {
        long product = 1;
        for (long dimension : shape) {
            long high = Math.multiplyHigh(product, dimension);
            product *= dimension;
            if (high != 0 || product < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(product);
    }

    long elements() {
        return elements(shape).orElseThrow();
    }

    /** The format, when weights can be read from it. */
    DType readable(Path file, String name) {
        return DType.of(dtype)
                .orElseThrow(() -> new InvalidInputException(file + ": tensor " + name + " has type " + dtype
                        + "; only F32, BF16 and F16 can be read, so use an unquantised checkpoint"));
    }
}

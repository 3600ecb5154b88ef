package dev.whyrank.checkpoint;

import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Optional;

/** The number formats that weights are read from. */
enum DType {
    F32(4),
    BF16(2),
    F16(2);

    private static final int CHUNK = 4096;

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** The format of this name, or empty if weights cannot be read from it. */
    static Optional<DType> of(String name) {
        return switch (name) {
            case "F32" -> Optional.of(F32);
            case "BF16" -> Optional.of(BF16);
            case "F16" -> Optional.of(F16);
            default -> Optional.empty();
        };
    }

    /** Appends the float32 bits of 16-bit numbers; every finite value, infinity and NaN keeps its meaning exactly. */
    void widen(ShortBuffer from, int count, IntBuffer to) {
        short[] narrow = new short[Math.min(CHUNK, count)];
        int[] wide = new int[narrow.length];
        for (int done = 0; done < count; ) {
            int n = Math.min(narrow.length, count - done);
            from.get(narrow, 0, n);
            for (int i = 0; i < n; i++) {
                wide[i] = this == BF16 ? narrow[i] << 16 : halfBits(narrow[i]);
            }
            to.put(wide, 0, n);
            done += n;
        }
    }

    private static int halfBits(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0) {
            return sign | Float.floatToRawIntBits(fraction * 0x1p-24f);
        }
        int wideExponent = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
        return sign | (wideExponent << 23) | (fraction << 13);
    }
}

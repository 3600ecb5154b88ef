package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;

class DTypeTest {

    private static int[] widened(DType dtype) {
        short[] all = new short[1 << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) i;
        }
        int[] bits = new int[all.length];
        dtype.widen(ShortBuffer.wrap(all), all.length, IntBuffer.wrap(bits));
        return bits;
    }

    /** The definition: (-1)^s * 2^(e-15) * (1 + f/1024), or without the hidden one and with e = 1. */
    private static double half(int h) {
        int exponent = (h >> 10) & 31;
        int fraction = h & 1023;
        double magnitude;
        if (exponent == 31) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            magnitude = fraction / 1024.0 * Math.pow(2, -14);
        } else {
            magnitude = (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        }
        return (h & 0x8000) == 0 ? magnitude : -magnitude;
    }

    @Test
    void widensEveryHalfExactly() {
        int[] bits = widened(DType.F16);
        for (int h = 0; h < bits.length; h++) {
            assertThat((double) Float.intBitsToFloat(bits[h])).as("%04x", h).isEqualTo(Double.valueOf(half(h)));
        }
        assertThat(bits[0x8000]).isEqualTo(0x80000000);
    }

    @Test
    void widensEveryBrainFloatByItsBits() {
        int[] bits = widened(DType.BF16);
        for (int h = 0; h < bits.length; h++) {
            assertThat(bits[h]).isEqualTo(h << 16);
        }
    }
}

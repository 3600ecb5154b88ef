package dev.whyrank.generate;

/**
 * Random numbers without a generator: each is a hash of a sequence's seed and a position, so it depends neither on the
 * order in which sequences run nor on how often a step is cut.
 */
final class Uniforms {

    /** 2^64 divided by the golden ratio, odd: consecutive positions land far apart before they are mixed. */
    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    private Uniforms() {}

    /**
     * A number in [0, 1), a multiple of 2^-24: every one is exact as a float, and none rounds up to 1.
     *
     * @param seed of the sequence
     * @param position of the token that is chosen
     */
    static float at(long seed, int position) {
        // The seed is mixed by itself first: seeds that differ by a multiple of the stride must not share a stream.
        long bits = mix(mix(seed) + STRIDE * (position + 1L));
        return (bits >>> 40) * 0x1p-24f;
    }

    /**
     * A bijection of 64-bit words in which each input bit flips each output bit about half of the time: xor-shift,
     * multiply, twice, and a last xor-shift, with the constants of D. Stafford's "variant 13".
     */
    private static long mix(long word) {
        long w = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
        w = (w ^ (w >>> 27)) * 0x94D049BB133111EBL;
        return w ^ (w >>> 31);
    }
}

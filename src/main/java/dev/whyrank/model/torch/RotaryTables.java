package dev.whyrank.model.torch;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.RopeScaling;
import org.jspecify.annotations.Nullable;

/**
 * Cosines and sines of the rotary position embedding.
 *
 * @param cosine [positions, headDim / 2], row by row
 * @param sine likewise
 */
record RotaryTables(float[] cosine, float[] sine) {

    static RotaryTables of(DecoderConfig config, int positions) {
        int half = config.headDim() / 2;
        float[] cosine = new float[positions * half];
        float[] sine = new float[positions * half];
        for (int i = 0; i < half; i++) {
            double frequency = scaled(Math.pow(config.ropeTheta(), -2.0 * i / config.headDim()), config.ropeScaling());
            for (int position = 0; position < positions; position++) {
                cosine[position * half + i] = (float) Math.cos(position * frequency);
                sine[position * half + i] = (float) Math.sin(position * frequency);
            }
        }
        return new RotaryTables(cosine, sine);
    }

    /**
     * Llama 3's stretching of low frequencies: waves longer than the low bound are slowed down by the whole factor,
     * waves shorter than the high bound are left alone, and those between are blended.
     */
    private static double scaled(double frequency, @Nullable RopeScaling scaling) {
        if (scaling == null) {
            return frequency;
        }
        double wavesInContext = scaling.originalContextLength() * frequency / (2 * Math.PI);
        double low = scaling.lowFrequencyFactor();
        double high = scaling.highFrequencyFactor();
        double kept = Math.min(1, Math.max(0, (wavesInContext - low) / (high - low)));
        return kept * frequency + (1 - kept) * frequency / scaling.factor();
    }
}

package dev.whyrank.rerank;

import dev.whyrank.model.Sampling;
import dev.whyrank.model.ScriptedModel;
import java.nio.charset.StandardCharsets;

/** Plays a model that writes the same words without end; what cuts it off is the request's own limit. */
final class Talker implements ScriptedModel.Script {

    private static final byte[] WORDS =
            "big dogs chase fat cats and dive into deep ponds ".getBytes(StandardCharsets.US_ASCII);
    private static final float[] LABELS = {-1f, -0.5f, -2f};
    private static final float[] BAD = {Float.NaN, -0.5f, -2f};

    /** A document with these words has numbers that are none. */
    static final String BAD_NUMBERS = "not a number";

    @Override
    public int next(int[] history, Sampling sampling) {
        return WORDS[history.length % WORDS.length];
    }

    @Override
    public float[] labels(int[] history) {
        byte[] bytes = new byte[history.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) history[i];
        }
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(BAD_NUMBERS) ? BAD.clone() : LABELS.clone();
    }
}

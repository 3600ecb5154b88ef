package dev.whyrank.checkpoint;

import dev.whyrank.model.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Weights of a decoder that gives one number, with a head that any decoder can have: two rows, the first of them the
 * score's, the second nought. The score is then the difference of two logits, and so of two log probabilities, which
 * is what every step reports. Belongs to one thread.
 */
final class ScoreHead implements Weights {

    private static final String HEAD = "lm_head.weight";
    private static final int ROWS = 2;

    private final Weights files;
    private final int hidden;

    ScoreHead(Weights files, int hidden) {
        this.files = files;
        this.hidden = hidden;
    }

    @Override
    public boolean contains(String name) {
        return name.equals(HEAD) || files.contains(name);
    }

    @Override
    public long[] shape(String name) {
        return name.equals(HEAD) ? new long[] {ROWS, hidden} : files.shape(name);
    }

    @Override
    public FloatBuffer rows(String name, int from, int to) {
        if (!name.equals(HEAD)) {
            return files.rows(name, from, to);
        }
        FloatBuffer both = ByteBuffer.allocateDirect(ROWS * hidden * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        both.put(0, files.rows(DecoderTensors.SCORE, 0, 1), 0, hidden);
        return both.slice(from * hidden, (to - from) * hidden);
    }
}

package dev.whyrank.model;

/** The number format that matrices are held and multiplied in. */
public enum Precision {
    FLOAT32(4),
    BFLOAT16(2),
    INT8(1);

    private final int bytes;

    Precision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one weight. */
    public int bytes() {
        return bytes;
    }
}

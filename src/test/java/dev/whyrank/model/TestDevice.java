package dev.whyrank.model;

/** Where tests of real models compute: {@code -Dwhyrank.test.device=cuda:0} takes them to a GPU. */
public final class TestDevice {

    public static final String NAME = System.getProperty("whyrank.test.device", "cpu");

    private TestDevice() {}

    /** Whether the device holds matrices in this precision: int8 is the CPU's alone. */
    public static boolean holds(Precision precision) {
        return NAME.equals("cpu") || precision != Precision.INT8;
    }
}

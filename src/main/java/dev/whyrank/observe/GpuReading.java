package dev.whyrank.observe;

/**
 * The state of one GPU; what a device does not report is NaN.
 *
 * @param device its number, as the driver counts
 * @param utilization share of the time in which a kernel ran, 0 to 1
 * @param memoryUsage bytes in use
 * @param memoryLimit bytes in all
 * @param power watts
 * @param temperature degrees Celsius
 */
record GpuReading(
        String device, double utilization, double memoryUsage, double memoryLimit, double power, double temperature) {

    private static final double MEBIBYTE = 1 << 20;

    /** What {@link #parse} reads, in its order. */
    static final String FIELDS = "index,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu";

    /** Whether a line looks like one, and not like a warning of the driver's. */
    static boolean isReading(String line) {
        String[] values = values(line);
        return values.length == FIELDS.split(",", -1).length && values[0].matches("\\d+");
    }

    private static String[] values(String line) {
        return line.trim().split("\\s*,\\s*", -1);
    }

    /**
     * Reads a line of comma-separated values without units.
     *
     * @throws IllegalArgumentException if one is no number
     */
    static GpuReading parse(String line) {
        String[] values = values(line);
        return new GpuReading(
                values[0],
                number(values[1]) / 100,
                number(values[2]) * MEBIBYTE,
                number(values[3]) * MEBIBYTE,
                number(values[4]),
                number(values[5]));
    }

    /** Devices say in several ways that they do not know: [N/A], [Not Supported], [Unknown Error]. */
    private static double number(String value) {
        return value.startsWith("[") || value.equals("N/A") ? Double.NaN : Double.parseDouble(value);
    }
}

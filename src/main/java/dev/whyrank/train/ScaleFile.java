package dev.whyrank.train;

import dev.whyrank.rerank.OrdinalScale;
import java.util.Locale;

/** A scale as the service's resource spells it. */
public final class ScaleFile {

    private ScaleFile() {}

    /**
     * The text of the resource.
     *
     * @param origin how the scale came about
     */
    public static String text(OrdinalScale scale, String origin) {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(origin).append('\n');
        line(text, "similarity", scale.similarity());
        line(text, "query-length", scale.queryLength());
        line(text, "partly", scale.partly());
        line(text, "fully", scale.fully());
        line(text, "partly-cut", scale.partlyCut());
        line(text, "fully-cut", scale.fullyCut());
        return text.toString();
    }

    private static void line(StringBuilder text, String name, double value) {
        text.append(name).append(" = ").append(number(value)).append('\n');
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5f", value);
    }
}

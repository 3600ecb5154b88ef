package dev.whyrank.train.laboratory;

import java.util.Locale;

/** The models that the laboratory trains and compares. */
public enum Arm {
    WARM("warm-up only", true),
    EXPLAIN("distilled, explains", true),
    LABEL("distilled, label only", false),
    BLIND("distilled from a teacher with a blind spot", true),
    REFINED("the same, refined", true),
    CONTROL("the same, distilled on for as long", true);

    private final String title;
    private final boolean explains;

    Arm(String title, boolean explains) {
        this.title = title;
        this.explains = explains;
    }

    /** In file names. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In tables. */
    public String title() {
        return title;
    }

    /** Whether it learnt to explain before it labels. */
    public boolean explains() {
        return explains;
    }
}

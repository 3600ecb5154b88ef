package dev.whyrank.train.annotation;

import java.util.Locale;

/** What a teacher is asked for. */
public enum Task {
    /** A document's label and explanation. */
    EXPLAIN,
    /** Search queries for a question. */
    QUERIES;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

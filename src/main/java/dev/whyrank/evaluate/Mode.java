package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How much the reranker is asked to do. */
public enum Mode {
    /** An explanation before each label. */
    EXPLAIN("explain"),
    /** Labels without generated text. */
    LABEL_ONLY("label-only"),
    /** Nothing: the first stage alone is measured. */
    FIRST_STAGE("first-stage");

    private final String title;

    Mode(String title) {
        this.title = title;
    }

    /** The name in options, tables and files. */
    public String title() {
        return title;
    }

    /**
     * Reads a list such as {@code label-only,explain}.
     *
     * @throws InvalidInputException if a name is not known
     */
    public static List<Mode> parse(String names) {
        return Arrays.stream(names.split(",", -1)).map(Mode::named).distinct().toList();
    }

    private static Mode named(String name) {
        return Arrays.stream(values())
                .filter(mode -> mode.title.equals(name.strip()))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("mode '" + name + "' is not known; use "
                        + Arrays.stream(values()).map(Mode::title).collect(Collectors.joining(", "))));
    }
}

package dev.whyrank.rerank;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where an explanation ends, in text that still grows. */
final class Boundary {

    private final Pattern pattern;

    Boundary(LabelGrammar grammar) {
        String cut = grammar.cut();
        this.pattern = cut == null ? grammar.marker() : either(grammar.marker(), cut);
    }

    /** For markers of our own; one from outside may hold an open quote or comment, which would swallow what follows. */
    private static Pattern either(Pattern marker, String cut) {
        return Pattern.compile("(?:" + marker.pattern() + ")|" + Pattern.quote(cut), marker.flags());
    }

    /**
     * How much of a text is explanation for certain.
     *
     * @param end characters before {@code end}, in [from, length], can be shown
     * @param found whether the explanation ends there; otherwise what follows may be the beginning of a boundary
     */
    record Reach(int end, boolean found) {}

    /**
     * Looks at the text from a place before which no boundary can begin.
     *
     * @param complete whether no text will follow
     */
    Reach search(CharSequence text, int from, boolean complete) {
        Matcher matcher = pattern.matcher(text);
        for (int at = from; at < text.length(); at++) {
            matcher.region(at, text.length());
            if (matcher.lookingAt()) {
                return new Reach(at, true);
            }
            if (matcher.hitEnd() && !complete) {
                return new Reach(at, false);
            }
        }
        return new Reach(text.length(), false);
    }
}

package dev.whyrank.generate;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Finds stop strings in text that arrives token by token. A string may span tokens, and a token may hold a part of a
 * character, so bytes are matched. Each string is an automaton (Knuth, Morris, Pratt): one pass, no text kept.
 */
final class StopMatcher {

    private final byte[][] patterns;
    private final int[][] borders;
    private final int[] matched;

    StopMatcher(List<String> strings) {
        patterns = strings.stream()
                .map(string -> string.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        borders = new int[patterns.length][];
        matched = new int[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            borders[i] = borders(patterns[i]);
        }
    }

    /**
     * Reads more text.
     *
     * @return whether a stop string was completed; the matcher is of no further use then
     */
    boolean completes(byte[] bytes) {
        for (byte next : bytes) {
            for (int i = 0; i < patterns.length; i++) {
                matched[i] = advance(patterns[i], borders[i], matched[i], next);
                if (matched[i] == patterns[i].length) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int advance(byte[] pattern, int[] borders, int matched, byte next) {
        int length = matched;
        while (length > 0 && pattern[length] != next) {
            length = borders[length - 1];
        }
        return pattern[length] == next ? length + 1 : 0;
    }

    /** For each prefix of the pattern the length of its longest proper prefix that is also its suffix. */
    private static int[] borders(byte[] pattern) {
        int[] borders = new int[pattern.length];
        for (int i = 1; i < pattern.length; i++) {
            borders[i] = advance(pattern, borders, borders[i - 1], pattern[i]);
        }
        return borders;
    }
}

package dev.whyrank.generate;

import java.util.List;
import java.util.Set;

/**
 * What ends a sequence by itself: a token (not passed on), or a string that the generated text contains (the token
 * that completes it is passed on; the reader cuts the text).
 *
 * @param tokens stop tokens, such as the end of a turn
 * @param strings stop strings, such as {@code " ##"}
 */
public record StopRule(Set<Integer> tokens, List<String> strings) {}

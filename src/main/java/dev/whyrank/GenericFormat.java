package dev.whyrank;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.LabelSet;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.tokenize.ChatWrapper;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A prompt format as an operator writes it down. */
final class GenericFormat {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})-(\\d{1,6})");
    private static final int MOST_LABELS = 1000;

    private GenericFormat() {}

    /**
     * The format.
     *
     * @throws InvalidInputException if a setting cannot be used
     */
    static PromptFormat of(WhyrankProperties.Generic settings, ChatWrapper chat) {
        if (settings.template().isBlank()) {
            throw new InvalidInputException("whyrank.format is generic, but whyrank.generic.template is empty;"
                    + " write the prompt with {query} and {document}");
        }
        return PromptFormat.generic(
                chat,
                new PromptFormat.Generic(
                        settings.template(),
                        settings.stops(),
                        settings.marker(),
                        settings.label(),
                        labels(settings.labels()),
                        settings.forcedText(),
                        settings.explains()));
    }

    /** Numbers count as what they say, words by their place. */
    static LabelSet labels(List<String> names) {
        Matcher range = RANGE.matcher(names.size() == 1 ? names.get(0) : "");
        if (range.matches()) {
            int lowest = Integer.parseInt(range.group(1));
            int highest = Integer.parseInt(range.group(2));
            require(lowest < highest && highest - lowest < MOST_LABELS, names);
            return LabelSet.numbers(lowest, highest);
        }
        require(names.size() > 1 && new HashSet<>(names).size() == names.size(), names);
        return new LabelSet(IntStream.range(0, names.size()).boxed().toList(), names);
    }

    private static void require(boolean usable, List<String> names) {
        if (!usable) {
            throw new InvalidInputException("whyrank.generic.labels is " + String.join(",", names)
                    + "; give at least two labels from worst to best, such as no,yes, or a range such as 0-5");
        }
    }
}

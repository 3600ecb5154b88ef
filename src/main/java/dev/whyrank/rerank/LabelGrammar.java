package dev.whyrank.rerank;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a label is read from generated text: explanation, marker, label, end.
 *
 * @param labels the label set
 * @param marker what stands between explanation and label
 * @param label the label's spelling, searched for after the marker
 * @param cut text from here on is not read, wherever it stands; null to read everything
 * @param end a label is only searched for before this; null to search everything
 * @param infersFromWords whether a text without exactly one marker is labelled by its first words
 */
public record LabelGrammar(
        LabelSet labels,
        Pattern marker,
        Pattern label,
        @Nullable String cut,
        @Nullable String end,
        boolean infersFromWords) {

    /** {@code … Relevance Label: 2 ##}. */
    public static final LabelGrammar INTERANK = new LabelGrammar(
            LabelSet.GRADED,
            Pattern.compile("relevance\\s+label:", Pattern.CASE_INSENSITIVE),
            Pattern.compile("\\d+"),
            " ##",
            "##",
            true);

    private static final int INFERENCE_WORDS = 30;

    /**
     * The label that the first words speak of, as a place in the label set, or -1 if they speak of none. Only for the
     * three graded labels.
     */
    int infer(String text) {
        if (!infersFromWords) {
            return -1;
        }
        List<String> words = List.of(text.strip().toLowerCase(Locale.ROOT).split("\\s+", INFERENCE_WORDS + 1));
        String start = String.join(" ", words.subList(0, Math.min(INFERENCE_WORDS, words.size())));
        if (start.contains("partially relevant")) {
            return 1;
        }
        if (start.contains("not relevant") || start.contains("irrelevant")) {
            return 0;
        }
        return start.contains("relevant") ? 2 : -1;
    }
}

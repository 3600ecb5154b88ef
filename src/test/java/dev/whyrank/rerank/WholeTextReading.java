package dev.whyrank.rerank;

import dev.whyrank.rerank.Judgement.LabelSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a finished InteRank answer at once, as plainly as the specification says it. */
record WholeTextReading(String explanation, int label, LabelSource source) {

    static WholeTextReading of(String text) {
        String read = text.contains(" ##") ? text.substring(0, text.indexOf(" ##")) : text;
        String[] parts = read.split("(?i)relevance\\s+label:", -1);
        String explanation = parts[0].strip();
        if (parts[0].stripLeading().startsWith("model\n")) {
            explanation = parts[0].stripLeading().substring("model\n".length()).strip();
        }
        if (parts.length == 2) {
            Matcher digits = Pattern.compile("\\d+").matcher(parts[1].split("##", -1)[0]);
            boolean stated = digits.find() && digits.group().matches("[012]");
            return stated
                    ? new WholeTextReading(explanation, Integer.parseInt(digits.group()), LabelSource.STATED)
                    : new WholeTextReading(explanation, 0, LabelSource.DEFAULTED);
        }
        String words = Arrays.stream(read.strip().split("\\s+"))
                .limit(30)
                .collect(Collectors.joining(" "))
                .toLowerCase(Locale.ROOT);
        if (words.contains("partially relevant")) {
            return new WholeTextReading(explanation, 1, LabelSource.INFERRED);
        }
        if (words.contains("not relevant") || words.contains("irrelevant")) {
            return new WholeTextReading(explanation, 0, LabelSource.INFERRED);
        }
        return words.contains("relevant")
                ? new WholeTextReading(explanation, 2, LabelSource.INFERRED)
                : new WholeTextReading(explanation, 0, LabelSource.DEFAULTED);
    }
}

package dev.whyrank.rerank;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A document as an encoder sees it: sentences, tokenised one by one, and windows of consecutive sentences, as
 * few as hold it.
 *
 * @param sentences verbatim, without white space around them
 * @param windows token ids of what is encoded to find how close the document comes, in order; at least one
 * @param quotable for each sentence the token ids of what is encoded to find the closest sentence
 * @param truncated whether something was left out
 */
record EvidenceText(List<String> sentences, List<int[]> windows, List<int[]> quotable, boolean truncated) {

    /**
     * Characters of a document that are read at most, whatever the caller allows: about forty pages, which take an
     * encoder on a CPU several seconds.
     */
    static final int LONGEST = 100_000;

    /** Likewise in tokens, for text of which nearly every character is one. */
    static final int MOST_TOKENS = 32_768;

    private static final Pattern BLANK_LINE = Pattern.compile("\\R[ \\t]*\\R");

    /**
     * Reads a document that is not blank.
     *
     * @param room tokens that a window has for text
     * @param maxTokens tokens after which the document is cut
     */
    static EvidenceText of(String document, TokenCodec codec, int room, int maxTokens) {
        List<String> sentences = new ArrayList<>();
        List<int[]> read = new ArrayList<>();
        int tokens = 0;
        int limit = Math.min(maxTokens, MOST_TOKENS);
        String prefix = beginning(document);
        boolean truncated = prefix.length() < document.strip().length();
        for (String sentence : sentences(prefix)) {
            int[] ids = codec.encodeText(sentence);
            boolean spent = tokens + ids.length > limit;
            if (spent) {
                ids = Arrays.copyOf(ids, limit - tokens);
                truncated = true;
            }
            if (ids.length > 0) {
                tokens += ids.length;
                sentences.add(sentence);
                read.add(ids);
            }
            if (spent) {
                break;
            }
        }
        List<int[]> quotable = read.stream()
                .map(ids -> ids.length > room ? Arrays.copyOf(ids, room) : ids)
                .toList();
        return new EvidenceText(sentences, windows(read, tokens, room), quotable, truncated);
    }

    /** What of a text is read at most. */
    static String beginning(String text) {
        return Characters.prefix(text.strip(), LONGEST);
    }

    /** Words as English is analysed, the commonest left out; how long the text is, whatever it is written in. */
    int words() {
        return sentences.stream()
                .mapToInt(sentence -> TextAnalysis.ENGLISH.words(sentence).size())
                .sum();
    }

    /**
     * As few windows as hold the text, and about equally long: a last one of a sentence or two would come closer to a
     * query than any that holds a whole passage.
     */
    private static List<int[]> windows(List<int[]> sentences, int tokens, int room) {
        int count = Math.max(1, (tokens + room - 1) / room);
        List<int[]> windows = divide(sentences, (double) tokens / count, room);
        // Sentences do not fill windows to the brim: a share more leaves no rest.
        while (windows.size() > count) {
            count++;
            windows = divide(sentences, (double) tokens / count, room);
        }
        return windows;
    }

    /** Opens a window for each share; a sentence belongs to the one that its middle lies in, if there is room. */
    private static List<int[]> divide(List<int[]> sentences, double share, int room) {
        List<int[]> windows = new ArrayList<>();
        int[] open = {};
        int before = 0;
        for (int[] ids : sentences) {
            boolean next = before + ids.length / 2.0 > share * (windows.size() + 1);
            if (open.length > 0 && (next || open.length + ids.length > room)) {
                windows.add(open);
                open = new int[0];
            }
            int[] rest = ids;
            while (rest.length > room) {
                windows.add(Arrays.copyOf(rest, room));
                rest = Arrays.copyOfRange(rest, room, rest.length);
            }
            open = Stream.of(open, rest).flatMapToInt(IntStream::of).toArray();
            before += ids.length;
        }
        windows.add(open);
        return windows;
    }

    private static List<String> sentences(String document) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        List<String> sentences = new ArrayList<>();
        // A paragraph ends a sentence, full stop or not; a line does not: text may be wrapped.
        for (String paragraph : BLANK_LINE.split(document, -1)) {
            breaks.setText(paragraph);
            int from = breaks.first();
            for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
                String sentence = paragraph.substring(from, to).strip();
                if (!sentence.isEmpty()) {
                    sentences.add(sentence);
                }
                from = to;
            }
        }
        return sentences;
    }
}

package dev.whyrank.rerank;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tokenises the prompts of one request. Head, document and tail are tokenised as one text, so that a prompt's ids equal
 * those of the unsplit text; only a document that has to be cut is tokenised apart from its tail, and of a very long one
 * only what can be kept.
 */
final class PromptTokens {

    /** A document with less room than this is not worth asking about. */
    static final int LEAST_DOCUMENT = 16;

    private final TokenCodec codec;
    private final PromptFormat.Frame frame;
    private final int[] before;
    private final int[] after;
    private final int[] tail;
    private final int plainRoom;

    /** The ids of a whole prompt, and whether its document was cut. */
    record Prompt(int[] tokens, boolean truncated) {}

    /**
     * Prepares a request's prompts.
     *
     * @param room tokens a whole prompt may have
     * @param maxDocumentTokens tokens after which a document is cut in any case
     * @throws RerankException if query and instruction leave no room for a document
     */
    PromptTokens(TokenCodec codec, PromptFormat.Frame frame, int room, int maxDocumentTokens) {
        this.codec = codec;
        this.frame = frame;
        this.before = codec.encodeMarkup(frame.before());
        this.after = codec.encodeMarkup(frame.after());
        this.tail = codec.encodeText(frame.tail());
        int fixed = Opening.of(frame.head(), room, codec).length + tail.length;
        int left = room - before.length - after.length - fixed;
        if (left < LEAST_DOCUMENT) {
            throw new RerankException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "query and instruction leave " + Math.max(0, left) + " tokens for a document, at least "
                            + LEAST_DOCUMENT + " are needed: shorten them or lower max_explanation_tokens");
        }
        this.plainRoom = fixed + Math.min(left, maxDocumentTokens);
    }

    /** One document's prompt. */
    Prompt of(String document) {
        int[] whole = Opening.of(frame.head() + document + frame.tail(), plainRoom + 1, codec);
        if (whole.length <= plainRoom) {
            return new Prompt(concat(before, whole, after), false);
        }
        int[] uncut = Opening.of(frame.head() + document, plainRoom, codec);
        int[] cut = Arrays.copyOf(uncut, Math.min(uncut.length, plainRoom - tail.length));
        return new Prompt(concat(before, cut, tail, after), true);
    }

    private static int[] concat(int[]... parts) {
        return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
    }

    /** Length of the longest prefix that all have in common. */
    static int commonPrefix(List<int[]> sequences) {
        int[] first = sequences.get(0);
        int common = first.length;
        for (int[] other : sequences) {
            int mismatch = Arrays.mismatch(first, other);
            common = mismatch < 0 ? common : Math.min(common, mismatch);
        }
        return common;
    }
}

package dev.whyrank.rerank;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Judges by the cosine of sentence vectors and quotes, word for word, the sentence that comes closest to the query.
 * Reasons nothing, so its explanations say what was measured and no more. A document longer than the encoder's window
 * is covered window by window, and the best window counts; what lies beyond {@link EvidenceText#LONGEST} characters or
 * {@link EvidenceText#MOST_TOKENS} tokens is cut.
 */
public final class EvidenceJudge implements Judge {

    private static final int CHARACTERS_PER_TOKEN = 3;

    private final Encoder encoder;
    private final TokenCodec codec;
    private final Frame frame;
    private final OrdinalScale scale;

    /** Encodes texts; the engine's encode method. */
    @FunctionalInterface
    public interface Encoder {

        CompletableFuture<List<float[]>> encode(List<int[]> texts);
    }

    /**
     * What stands around a text for the encoder.
     *
     * @param start tokens before, such as {@code [CLS]}
     * @param end tokens after, such as {@code [SEP]}
     * @param window most tokens of a sequence, start and end included
     */
    public record Frame(int[] start, int[] end, int window) {

        public Frame {
            if (window - start.length - end.length < 1) {
                throw new IllegalArgumentException("an encoder window of " + window + " has no room for text");
            }
        }

        int room() {
            return window - start.length - end.length;
        }

        int[] around(int[] text) {
            int[] whole = new int[start.length + text.length + end.length];
            System.arraycopy(start, 0, whole, 0, start.length);
            System.arraycopy(text, 0, whole, start.length, text.length);
            System.arraycopy(end, 0, whole, start.length + text.length, end.length);
            return whole;
        }
    }

    /** Judges with an encoder whose cosines mean what the scale says. */
    public EvidenceJudge(Encoder encoder, TokenCodec codec, Frame frame, OrdinalScale scale) {
        this.encoder = encoder;
        this.codec = codec;
        this.frame = frame;
        this.scale = scale;
    }

    @Override
    public ExplanationKind kind() {
        return ExplanationKind.EVIDENCE;
    }

    @Override
    public LabelSet labels() {
        return LabelSet.GRADED;
    }

    @Override
    public long estimateTokens(RerankRequest request) {
        int limit = request.options().maxDocumentTokens();
        int passes = request.options().explain() ? 2 : 1;
        return tokens(request.query())
                + request.candidates().stream()
                        .mapToLong(candidate -> passes * Math.min(limit, tokens(candidate.text())))
                        .sum();
    }

    private static long tokens(String text) {
        return Math.min(text.length(), EvidenceText.LONGEST) / CHARACTERS_PER_TOKEN + 1L;
    }

    @Override
    public Judging judge(Task task, Listener listener) {
        RerankRequest request = task.request();
        int[] query = Opening.of(request.query(), frame.room() + 1, codec);
        if (query.length > frame.room()) {
            throw new RerankException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "the query is longer than " + frame.room() + " tokens, which is all this model reads: shorten it");
        }
        if (!request.options().truncate()) {
            task.indices().forEach(index -> requireUncut(task, index));
        }
        EvidenceRun run = new EvidenceRun(encoder, frame, scale, task, listener, index -> read(request, index));
        run.begin(query);
        return run;
    }

    private EvidenceText read(RerankRequest request, int index) {
        String document = request.candidates().get(index).text();
        return EvidenceText.of(document, codec, frame.room(), request.options().maxDocumentTokens());
    }

    private void requireUncut(Task task, int index) {
        if (task.abandoned().getAsBoolean()) {
            throw new RerankException(ErrorCode.CANCELLED, "the request was cancelled");
        }
        if (read(task.request(), index).truncated()) {
            throw new RerankException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "documents[" + index + "] is longer than max_tokens_per_doc, " + EvidenceText.MOST_TOKENS
                            + " tokens or " + EvidenceText.LONGEST
                            + " characters: shorten it or allow truncation");
        }
    }
}

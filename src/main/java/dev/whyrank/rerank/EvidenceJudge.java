package dev.whyrank.rerank;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Judges by how well sentence vectors of query and document agree, and says which words of the query the document
 * has, which it has not, and, word for word, which one or two sentences carry the score. Reasons nothing, so its
 * explanations say what was measured and no more. A text longer than the encoder's window is covered window by window:
 * of a query the mean of all counts, of a document that and its closest window in equal parts. What of a document lies beyond {@link
 * EvidenceText#LONGEST} characters or {@link EvidenceText#MOST_TOKENS} tokens is cut; a query that long is refused.
 */
public final class EvidenceJudge implements Judge {

    private static final int CHARACTERS_PER_TOKEN = 3;

    /** Fewer documents tell too little of which words are rare. */
    private static final int FEWEST_FOR_BM25 = 5;

    private static final String STAND_IN = "no document came with a score, so relevance_score mixes in BM25 over the"
            + " documents of this request; alpha 1 leaves it out, model_score is without it";

    private static final String LIMITS =
            EvidenceText.MOST_TOKENS + " tokens or " + EvidenceText.LONGEST + " characters";

    private final Tools tools;
    private final TokenCodec codec;

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

    /** What all documents are judged with. */
    record Tools(Encoder encoder, Frame frame, OrdinalScale scale, TextAnalysis analysis) {

        CompletableFuture<List<float[]>> encode(List<int[]> texts) {
            return encoder.encode(texts.stream().map(frame::around).toList());
        }
    }

    /**
     * Judges with an encoder.
     *
     * @param scale what its vectors mean
     * @param analysis how words are compared, in explanations and in BM25
     */
    public EvidenceJudge(Encoder encoder, TokenCodec codec, Frame frame, OrdinalScale scale, TextAnalysis analysis) {
        this.tools = new Tools(encoder, frame, scale, analysis);
        this.codec = codec;
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
        EvidenceText query = read(request.query(), Integer.MAX_VALUE);
        if (query.truncated()) {
            throw new RerankException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "the query is longer than " + LIMITS + ", which is all this model reads: shorten it");
        }
        if (!request.options().truncate()) {
            task.indices().forEach(index -> requireUncut(task, index));
        }
        EvidenceRun run = new EvidenceRun(tools, task, listener, index -> read(request, index));
        run.begin(query);
        return run;
    }

    @Override
    public Optional<StandIn> standIn(RerankRequest request) {
        return standIn(tools.analysis(), request);
    }

    /** BM25 over the request's documents, if there are enough to tell which words are rare. */
    public static Optional<StandIn> standIn(TextAnalysis analysis, RerankRequest request) {
        if (request.candidates().size() < FEWEST_FOR_BM25) {
            return Optional.empty();
        }
        List<String> documents = request.candidates().stream()
                .map(candidate -> EvidenceText.beginning(candidate.text()))
                .toList();
        String query = EvidenceText.beginning(request.query());
        return Optional.of(new StandIn(RequestBm25.scores(analysis, query, documents), STAND_IN));
    }

    /** What judging would measure of documents, for fitting a scale; waits for the encoder. */
    public List<EvidenceFeatures> measure(String query, List<String> documents) {
        EvidenceText asked = read(query, Integer.MAX_VALUE);
        float[] vector = Vectors.mean(tools.encode(asked.windows()).join(), asked.windows());
        return documents.stream()
                .map(document -> {
                    EvidenceText text = read(document, Integer.MAX_VALUE);
                    List<float[]> windows = tools.encode(text.windows()).join();
                    double closeness = Vectors.closeness(vector, windows, text.windows());
                    return new EvidenceFeatures(closeness, asked.words());
                })
                .toList();
    }

    private EvidenceText read(RerankRequest request, int index) {
        return read(request.candidates().get(index).text(), request.options().maxDocumentTokens());
    }

    private EvidenceText read(String text, int maxTokens) {
        return EvidenceText.of(text, codec, tools.frame().room(), maxTokens);
    }

    private void requireUncut(Task task, int index) {
        if (task.abandoned().getAsBoolean()) {
            throw new RerankException(ErrorCode.CANCELLED, "the request was cancelled");
        }
        if (read(task.request(), index).truncated()) {
            throw new RerankException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "documents[" + index + "] is longer than max_tokens_per_doc, " + LIMITS
                            + ": shorten it or allow truncation");
        }
    }
}

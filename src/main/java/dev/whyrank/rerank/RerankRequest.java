package dev.whyrank.rerank;

import dev.whyrank.generate.Priority;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question and its candidates, validated.
 *
 * @param id names the request in events and logs
 * @param query the question; one that is {@linkplain Characters#blank blank} is refused
 * @param candidates at least one, in the caller's order; an index in an event is a place in this list
 * @param options how to judge
 * @param handling how to go about it, which changes no result
 */
public record RerankRequest(String id, String query, List<Candidate> candidates, Options options, Handling handling) {

    /** Handled as usual. */
    public RerankRequest(String id, String query, List<Candidate> candidates, Options options) {
        this(id, query, candidates, options, Handling.DEFAULT);
    }

    /** The same, handled in another way. */
    public RerankRequest handled(Handling other) {
        return new RerankRequest(id, query, candidates, options, other);
    }

    /**
     * How to go about a request.
     *
     * @param reuse what the result cache is used for
     * @param priority whether it gets slots first, and how much of the queue it may take
     */
    public record Handling(Reuse reuse, Priority priority) {

        /** Somebody waits for it, and the result cache is used. */
        public static final Handling DEFAULT = new Handling(Reuse.ALL, Priority.INTERACTIVE);

        /** Nobody waits for it. */
        public static final Handling BULK = new Handling(Reuse.ALL, Priority.BULK);
    }

    /** What the result cache is used for. */
    public enum Reuse {
        /** Known judgements are taken from it, new ones kept. */
        ALL,
        /** All are made anew and kept. */
        REFRESH,
        /** Nothing is taken or kept. */
        NONE
    }

    /**
     * A document to judge.
     *
     * @param text the whole text, title included; may be blank
     * @param score the first stage's score, or null
     * @param carried characters that are kept beside the text until the request ends, such as metadata
     */
    public record Candidate(String text, @Nullable Double score, int carried) {

        /** Nothing is kept beside the text. */
        public Candidate(String text, @Nullable Double score) {
            this(text, score, 0);
        }
    }

    /** Characters of everything that is kept until the request ends. */
    public long characters() {
        return query.length()
                + candidates.stream()
                        .mapToLong(candidate -> (long) candidate.text().length() + candidate.carried())
                        .sum();
    }

    /**
     * How to judge.
     *
     * @param explain false for labels without generated text
     * @param explainTopN how many of the best documents are explained; the rest is only labelled
     * @param maxExplanationTokens tokens after which the label is forced
     * @param maxDocumentTokens tokens after which a document is cut
     * @param truncate false to refuse a document that would be cut
     * @param alpha weight of the model's score against first-stage scores, in [0, 1]
     * @param deadline time the request may take, or null
     * @param instruction a custom definition of relevance, or null
     */
    public record Options(
            boolean explain,
            int explainTopN,
            int maxExplanationTokens,
            int maxDocumentTokens,
            boolean truncate,
            double alpha,
            @Nullable Duration deadline,
            @Nullable String instruction) {

        /** What the HTTP contract does when a request says nothing. */
        public static final Options DEFAULT =
                new Options(true, Integer.MAX_VALUE, 512, Integer.MAX_VALUE, true, 0.7, null, null);
    }
}
